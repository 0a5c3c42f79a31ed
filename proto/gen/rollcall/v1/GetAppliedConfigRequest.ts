// Original file: proto/rollcall/v1/agent.proto


export interface GetAppliedConfigRequestInput {
  'id'?: (string);
  'includeContent'?: (boolean);
}

export interface GetAppliedConfigRequest {
  'id': (string);
  'includeContent': (boolean);
}

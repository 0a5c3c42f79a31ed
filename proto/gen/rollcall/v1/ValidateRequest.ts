// Original file: proto/rollcall/v1/agent.proto


export interface ValidateRequestInput {
  'id'?: (string);
  'content'?: (string);
}

export interface ValidateRequest {
  'id': (string);
  'content': (string);
}

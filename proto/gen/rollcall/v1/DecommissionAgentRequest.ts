// Original file: proto/rollcall/v1/controller.proto


export interface DecommissionAgentRequestInput {
  'env'?: (string);
  'name'?: (string);
}

export interface DecommissionAgentRequest {
  'env': (string);
  'name': (string);
}

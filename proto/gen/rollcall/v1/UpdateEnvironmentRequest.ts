// Original file: proto/rollcall/v1/controller.proto


export interface UpdateEnvironmentRequestInput {
  'env'?: (string);
  'minAgents'?: (number);
}

export interface UpdateEnvironmentRequest {
  'env': (string);
  'minAgents': (number);
}

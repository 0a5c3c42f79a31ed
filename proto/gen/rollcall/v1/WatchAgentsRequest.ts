// Original file: proto/rollcall/v1/controller.proto


export interface WatchAgentsRequestInput {
  'env'?: (string);
}

export interface WatchAgentsRequest {
  'env': (string);
}

// Original file: proto/rollcall/v1/status_aggregator.proto


export interface GetEnvironmentRequestInput {
  'env'?: (string);
}

export interface GetEnvironmentRequest {
  'env': (string);
}

// Original file: proto/rollcall/v1/status_aggregator.proto


export interface WatchCompletionsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'resumeToken'?: (string);
}

export interface WatchCompletionsRequest {
  'env': (string);
  'id': (string);
  'resumeToken': (string);
}

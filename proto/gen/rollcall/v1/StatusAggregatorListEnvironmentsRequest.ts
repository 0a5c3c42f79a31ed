// Original file: proto/rollcall/v1/status_aggregator.proto


export interface StatusAggregatorListEnvironmentsRequestInput {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface StatusAggregatorListEnvironmentsRequest {
  'pageSize': (number);
  'pageToken': (string);
}

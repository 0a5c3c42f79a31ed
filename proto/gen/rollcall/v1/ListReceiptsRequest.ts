// Original file: proto/rollcall/v1/status_aggregator.proto


export interface ListReceiptsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListReceiptsRequest {
  'env': (string);
  'id': (string);
  'pageSize': (number);
  'pageToken': (string);
}

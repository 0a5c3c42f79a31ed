// Original file: proto/rollcall/v1/status_aggregator.proto


export interface ListEventsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'agent'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
  'subject'?: "id"|"agent";
}

export interface ListEventsRequest {
  'env': (string);
  'id'?: (string);
  'agent'?: (string);
  'pageSize': (number);
  'pageToken': (string);
  'subject'?: "id"|"agent";
}

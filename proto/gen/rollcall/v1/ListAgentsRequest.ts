// Original file: proto/rollcall/v1/controller.proto


export interface ListAgentsRequestInput {
  'env'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListAgentsRequest {
  'env': (string);
  'pageSize': (number);
  'pageToken': (string);
}

// Original file: proto/rollcall/v1/controller.proto


export interface ListEnvironmentsRequestInput {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListEnvironmentsRequest {
  'pageSize': (number);
  'pageToken': (string);
}

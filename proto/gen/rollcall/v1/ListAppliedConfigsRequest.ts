// Original file: proto/rollcall/v1/agent.proto


export interface ListAppliedConfigsRequestInput {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListAppliedConfigsRequest {
  'pageSize': (number);
  'pageToken': (string);
}

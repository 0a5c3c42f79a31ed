// Original file: proto/rollcall/v1/agent.proto


export interface WatchEventsRequestInput {
  'id'?: (string);
}

export interface WatchEventsRequest {
  'id': (string);
}

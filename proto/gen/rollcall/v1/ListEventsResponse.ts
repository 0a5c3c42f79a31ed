// Original file: proto/rollcall/v1/status_aggregator.proto

import type { HistoryEventInput as _rollcall_v1_HistoryEventInput, HistoryEvent as _rollcall_v1_HistoryEvent } from '../../rollcall/v1/HistoryEvent.ts';

export interface ListEventsResponseInput {
  'events'?: (_rollcall_v1_HistoryEventInput)[];
  'nextPageToken'?: (string);
}

export interface ListEventsResponse {
  'events': (_rollcall_v1_HistoryEvent)[];
  'nextPageToken': (string);
}

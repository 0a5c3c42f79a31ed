// Original file: proto/rollcall/v1/status_aggregator.proto

import type { EventTypeInput as _rollcall_v1_EventTypeInput, EventType as _rollcall_v1_EventType } from '../../rollcall/v1/EventType.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface HistoryEventInput {
  'type'?: (_rollcall_v1_EventTypeInput);
  'observeTime'?: (_google_protobuf_TimestampInput | null);
  'env'?: (string);
  'id'?: (string);
  'agent'?: (string);
  'generation'?: (number | string | Long);
  'revision'?: (number | string | Long);
  'epoch'?: (number | string | Long);
  'reason'?: (string);
  'message'?: (string);
}

export interface HistoryEvent {
  'type': (_rollcall_v1_EventType);
  'observeTime': (_google_protobuf_Timestamp | null);
  'env': (string);
  'id': (string);
  'agent': (string);
  'generation': (number);
  'revision': (number);
  'epoch': (number);
  'reason': (string);
  'message': (string);
}

// Original file: proto/rollcall/v1/agent.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { AttemptInput as _rollcall_v1_AttemptInput, Attempt as _rollcall_v1_Attempt } from '../../rollcall/v1/Attempt.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/rollcall/v1/agent.proto

export const _rollcall_v1_WatchEventsResponse_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  TYPE_BEGIN: 'TYPE_BEGIN',
  TYPE_RECEIVED: 'TYPE_RECEIVED',
  TYPE_APPLYING: 'TYPE_APPLYING',
  TYPE_APPLIED: 'TYPE_APPLIED',
  TYPE_FAILED: 'TYPE_FAILED',
  TYPE_REJECTED: 'TYPE_REJECTED',
  TYPE_ROLLED_BACK: 'TYPE_ROLLED_BACK',
  TYPE_REMOVING: 'TYPE_REMOVING',
  TYPE_REMOVED: 'TYPE_REMOVED',
  TYPE_DRIFT: 'TYPE_DRIFT',
  TYPE_CONNECTED: 'TYPE_CONNECTED',
  TYPE_DISCONNECTED: 'TYPE_DISCONNECTED',
} as const;

export type _rollcall_v1_WatchEventsResponse_TypeInput =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'TYPE_BEGIN'
  | 1
  | 'TYPE_RECEIVED'
  | 2
  | 'TYPE_APPLYING'
  | 3
  | 'TYPE_APPLIED'
  | 4
  | 'TYPE_FAILED'
  | 5
  | 'TYPE_REJECTED'
  | 6
  | 'TYPE_ROLLED_BACK'
  | 7
  | 'TYPE_REMOVING'
  | 8
  | 'TYPE_REMOVED'
  | 9
  | 'TYPE_DRIFT'
  | 10
  | 'TYPE_CONNECTED'
  | 11
  | 'TYPE_DISCONNECTED'
  | 12

export type _rollcall_v1_WatchEventsResponse_Type = typeof _rollcall_v1_WatchEventsResponse_Type[keyof typeof _rollcall_v1_WatchEventsResponse_Type]

export interface WatchEventsResponseInput {
  'type'?: (_rollcall_v1_WatchEventsResponse_TypeInput);
  'time'?: (_google_protobuf_TimestampInput | null);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'attempt'?: (_rollcall_v1_AttemptInput | null);
  'dropped'?: (number | string | Long);
}

export interface WatchEventsResponse {
  'type': (_rollcall_v1_WatchEventsResponse_Type);
  'time': (_google_protobuf_Timestamp | null);
  'id': (string);
  'generation': (number);
  'attempt': (_rollcall_v1_Attempt | null);
  'dropped': (number);
}

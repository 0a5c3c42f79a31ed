// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionInput as _rollcall_v1_CompletionInput, Completion as _rollcall_v1_Completion } from '../../rollcall/v1/Completion.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/rollcall/v1/status_aggregator.proto

export const _rollcall_v1_WatchCompletionsResponse_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  TYPE_SNAPSHOT_BEGIN: 'TYPE_SNAPSHOT_BEGIN',
  TYPE_SNAPSHOT_END: 'TYPE_SNAPSHOT_END',
  TYPE_CHANGED: 'TYPE_CHANGED',
  TYPE_REMOVED: 'TYPE_REMOVED',
  TYPE_BOOKMARK: 'TYPE_BOOKMARK',
  TYPE_VIEW: 'TYPE_VIEW',
} as const;

export type _rollcall_v1_WatchCompletionsResponse_TypeInput =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'TYPE_SNAPSHOT_BEGIN'
  | 1
  | 'TYPE_SNAPSHOT_END'
  | 2
  | 'TYPE_CHANGED'
  | 3
  | 'TYPE_REMOVED'
  | 4
  | 'TYPE_BOOKMARK'
  | 5
  | 'TYPE_VIEW'
  | 6

export type _rollcall_v1_WatchCompletionsResponse_Type = typeof _rollcall_v1_WatchCompletionsResponse_Type[keyof typeof _rollcall_v1_WatchCompletionsResponse_Type]

export interface WatchCompletionsResponseInput {
  'type'?: (_rollcall_v1_WatchCompletionsResponse_TypeInput);
  'completion'?: (_rollcall_v1_CompletionInput | null);
  'resumeToken'?: (string);
  'unknownReason'?: (string);
  'asOfRevision'?: (number | string | Long);
  'epoch'?: (number | string | Long);
  'acceptedKnown'?: (boolean);
}

export interface WatchCompletionsResponse {
  'type': (_rollcall_v1_WatchCompletionsResponse_Type);
  'completion': (_rollcall_v1_Completion | null);
  'resumeToken': (string);
  'unknownReason': (string);
  'asOfRevision': (number);
  'epoch': (number);
  'acceptedKnown': (boolean);
}

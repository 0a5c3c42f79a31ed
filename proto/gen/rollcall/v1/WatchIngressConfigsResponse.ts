// Original file: proto/rollcall/v1/history.proto

import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from '../../rollcall/v1/Generation.ts';

// Original file: proto/rollcall/v1/history.proto

export const _rollcall_v1_WatchIngressConfigsResponse_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  TYPE_SET: 'TYPE_SET',
  TYPE_DELETED: 'TYPE_DELETED',
  TYPE_SYNCED: 'TYPE_SYNCED',
} as const;

export type _rollcall_v1_WatchIngressConfigsResponse_TypeInput =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'TYPE_SET'
  | 1
  | 'TYPE_DELETED'
  | 2
  | 'TYPE_SYNCED'
  | 3

export type _rollcall_v1_WatchIngressConfigsResponse_Type = typeof _rollcall_v1_WatchIngressConfigsResponse_Type[keyof typeof _rollcall_v1_WatchIngressConfigsResponse_Type]

export interface WatchIngressConfigsResponseInput {
  'type'?: (_rollcall_v1_WatchIngressConfigsResponse_TypeInput);
  'generation'?: (_rollcall_v1_GenerationInput | null);
  'resumeToken'?: (string);
}

export interface WatchIngressConfigsResponse {
  'type': (_rollcall_v1_WatchIngressConfigsResponse_Type);
  'generation': (_rollcall_v1_Generation | null);
  'resumeToken': (string);
}

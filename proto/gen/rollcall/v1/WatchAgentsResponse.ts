// Original file: proto/rollcall/v1/controller.proto

import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from '../../rollcall/v1/AgentInfo.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/rollcall/v1/controller.proto

export const _rollcall_v1_WatchAgentsResponse_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  TYPE_UPSERTED: 'TYPE_UPSERTED',
  TYPE_LEFT: 'TYPE_LEFT',
  TYPE_SYNCED: 'TYPE_SYNCED',
} as const;

export type _rollcall_v1_WatchAgentsResponse_TypeInput =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'TYPE_UPSERTED'
  | 1
  | 'TYPE_LEFT'
  | 2
  | 'TYPE_SYNCED'
  | 3

export type _rollcall_v1_WatchAgentsResponse_Type = typeof _rollcall_v1_WatchAgentsResponse_Type[keyof typeof _rollcall_v1_WatchAgentsResponse_Type]

export interface WatchAgentsResponseInput {
  'type'?: (_rollcall_v1_WatchAgentsResponse_TypeInput);
  'agent'?: (_rollcall_v1_AgentInfoInput | null);
  'revision'?: (number | string | Long);
}

export interface WatchAgentsResponse {
  'type': (_rollcall_v1_WatchAgentsResponse_Type);
  'agent': (_rollcall_v1_AgentInfo | null);
  'revision': (number);
}

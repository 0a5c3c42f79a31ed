// Original file: proto/rollcall/v1/membership.proto

import type { AgentStateInput as _rollcall_v1_AgentStateInput, AgentState as _rollcall_v1_AgentState } from '../../rollcall/v1/AgentState.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from '../../rollcall/v1/Synced.ts';

export interface AgentInfoInput {
  'env'?: (string);
  'name'?: (string);
  'state'?: (_rollcall_v1_AgentStateInput);
  'instance'?: (string);
  'ip'?: (string);
  'grpcPort'?: (number);
  'version'?: (string);
  'driver'?: (string);
  'startTime'?: (_google_protobuf_TimestampInput | null);
  'synced'?: (_rollcall_v1_SyncedInput | null);
  'joinTime'?: (_google_protobuf_TimestampInput | null);
  'lostSince'?: (_google_protobuf_TimestampInput | null);
}

export interface AgentInfo {
  'env': (string);
  'name': (string);
  'state': (_rollcall_v1_AgentState);
  'instance': (string);
  'ip': (string);
  'grpcPort': (number);
  'version': (string);
  'driver': (string);
  'startTime': (_google_protobuf_Timestamp | null);
  'synced': (_rollcall_v1_Synced | null);
  'joinTime': (_google_protobuf_Timestamp | null);
  'lostSince': (_google_protobuf_Timestamp | null);
}

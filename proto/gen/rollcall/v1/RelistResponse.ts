// Original file: proto/rollcall/v1/agent.proto

import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from '../../rollcall/v1/Synced.ts';

export interface RelistResponseInput {
  'synced'?: (_rollcall_v1_SyncedInput | null);
}

export interface RelistResponse {
  'synced': (_rollcall_v1_Synced | null);
}

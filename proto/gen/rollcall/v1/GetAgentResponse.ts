// Original file: proto/rollcall/v1/agent.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from '../../rollcall/v1/Synced.ts';
import type { ControllerInfoInput as _rollcall_v1_ControllerInfoInput, ControllerInfo as _rollcall_v1_ControllerInfo } from '../../rollcall/v1/ControllerInfo.ts';
import type { HeldRemovalInput as _rollcall_v1_HeldRemovalInput, HeldRemoval as _rollcall_v1_HeldRemoval } from '../../rollcall/v1/HeldRemoval.ts';

export interface GetAgentResponseInput {
  'env'?: (string);
  'name'?: (string);
  'instance'?: (string);
  'version'?: (string);
  'driver'?: (string);
  'startTime'?: (_google_protobuf_TimestampInput | null);
  'registered'?: (boolean);
  'lease'?: (string);
  'writable'?: (boolean);
  'synced'?: (_rollcall_v1_SyncedInput | null);
  'controllers'?: (_rollcall_v1_ControllerInfoInput)[];
  'heldRemovals'?: (_rollcall_v1_HeldRemovalInput)[];
  'heldRemovalsTotal'?: (number);
  'appliedCount'?: (number);
  'foreignCount'?: (number);
}

export interface GetAgentResponse {
  'env': (string);
  'name': (string);
  'instance': (string);
  'version': (string);
  'driver': (string);
  'startTime': (_google_protobuf_Timestamp | null);
  'registered': (boolean);
  'lease': (string);
  'writable': (boolean);
  'synced': (_rollcall_v1_Synced | null);
  'controllers': (_rollcall_v1_ControllerInfo)[];
  'heldRemovals': (_rollcall_v1_HeldRemoval)[];
  'heldRemovalsTotal': (number);
  'appliedCount': (number);
  'foreignCount': (number);
}

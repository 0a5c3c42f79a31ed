import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from './rollcall/v1/AgentInfo.ts';
import type { ControllerInfoInput as _rollcall_v1_ControllerInfoInput, ControllerInfo as _rollcall_v1_ControllerInfo } from './rollcall/v1/ControllerInfo.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from './rollcall/v1/Synced.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
    }
  }
  rollcall: {
    v1: {
      AgentInfo: MessageTypeDefinition<_rollcall_v1_AgentInfoInput, _rollcall_v1_AgentInfo>
      AgentState: EnumTypeDefinition
      ControllerInfo: MessageTypeDefinition<_rollcall_v1_ControllerInfoInput, _rollcall_v1_ControllerInfo>
      Synced: MessageTypeDefinition<_rollcall_v1_SyncedInput, _rollcall_v1_Synced>
    }
  }
}


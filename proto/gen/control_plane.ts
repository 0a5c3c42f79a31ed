import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { ConfirmRowLossRequestInput as _rollcall_v1_ConfirmRowLossRequestInput, ConfirmRowLossRequest as _rollcall_v1_ConfirmRowLossRequest } from './rollcall/v1/ConfirmRowLossRequest.ts';
import type { ConfirmRowLossResponseInput as _rollcall_v1_ConfirmRowLossResponseInput, ConfirmRowLossResponse as _rollcall_v1_ConfirmRowLossResponse } from './rollcall/v1/ConfirmRowLossResponse.ts';
import type { ControlPlaneInput as _rollcall_v1_ControlPlaneInput, ControlPlane as _rollcall_v1_ControlPlane } from './rollcall/v1/ControlPlane.ts';
import type { EtcdPlaneInput as _rollcall_v1_EtcdPlaneInput, EtcdPlane as _rollcall_v1_EtcdPlane } from './rollcall/v1/EtcdPlane.ts';
import type { GetControlPlaneRequestInput as _rollcall_v1_GetControlPlaneRequestInput, GetControlPlaneRequest as _rollcall_v1_GetControlPlaneRequest } from './rollcall/v1/GetControlPlaneRequest.ts';
import type { GetControlPlaneResponseInput as _rollcall_v1_GetControlPlaneResponseInput, GetControlPlaneResponse as _rollcall_v1_GetControlPlaneResponse } from './rollcall/v1/GetControlPlaneResponse.ts';
import type { MysqlPlaneInput as _rollcall_v1_MysqlPlaneInput, MysqlPlane as _rollcall_v1_MysqlPlane } from './rollcall/v1/MysqlPlane.ts';
import type { RebaseGenerationsRequestInput as _rollcall_v1_RebaseGenerationsRequestInput, RebaseGenerationsRequest as _rollcall_v1_RebaseGenerationsRequest } from './rollcall/v1/RebaseGenerationsRequest.ts';
import type { RebaseGenerationsResponseInput as _rollcall_v1_RebaseGenerationsResponseInput, RebaseGenerationsResponse as _rollcall_v1_RebaseGenerationsResponse } from './rollcall/v1/RebaseGenerationsResponse.ts';
import type { ResumeRemovalsRequestInput as _rollcall_v1_ResumeRemovalsRequestInput, ResumeRemovalsRequest as _rollcall_v1_ResumeRemovalsRequest } from './rollcall/v1/ResumeRemovalsRequest.ts';
import type { ResumeRemovalsResponseInput as _rollcall_v1_ResumeRemovalsResponseInput, ResumeRemovalsResponse as _rollcall_v1_ResumeRemovalsResponse } from './rollcall/v1/ResumeRemovalsResponse.ts';
import type { SafetyStopInput as _rollcall_v1_SafetyStopInput, SafetyStop as _rollcall_v1_SafetyStop } from './rollcall/v1/SafetyStop.ts';

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
      ConfirmRowLossRequest: MessageTypeDefinition<_rollcall_v1_ConfirmRowLossRequestInput, _rollcall_v1_ConfirmRowLossRequest>
      ConfirmRowLossResponse: MessageTypeDefinition<_rollcall_v1_ConfirmRowLossResponseInput, _rollcall_v1_ConfirmRowLossResponse>
      ControlPlane: MessageTypeDefinition<_rollcall_v1_ControlPlaneInput, _rollcall_v1_ControlPlane>
      ControlPlaneState: EnumTypeDefinition
      EtcdPlane: MessageTypeDefinition<_rollcall_v1_EtcdPlaneInput, _rollcall_v1_EtcdPlane>
      GetControlPlaneRequest: MessageTypeDefinition<_rollcall_v1_GetControlPlaneRequestInput, _rollcall_v1_GetControlPlaneRequest>
      GetControlPlaneResponse: MessageTypeDefinition<_rollcall_v1_GetControlPlaneResponseInput, _rollcall_v1_GetControlPlaneResponse>
      MysqlPlane: MessageTypeDefinition<_rollcall_v1_MysqlPlaneInput, _rollcall_v1_MysqlPlane>
      RebaseGenerationsRequest: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsRequestInput, _rollcall_v1_RebaseGenerationsRequest>
      RebaseGenerationsResponse: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsResponseInput, _rollcall_v1_RebaseGenerationsResponse>
      ResumeRemovalsRequest: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsRequestInput, _rollcall_v1_ResumeRemovalsRequest>
      ResumeRemovalsResponse: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsResponseInput, _rollcall_v1_ResumeRemovalsResponse>
      SafetyStop: MessageTypeDefinition<_rollcall_v1_SafetyStopInput, _rollcall_v1_SafetyStop>
    }
  }
}


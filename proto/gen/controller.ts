import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.ts';
import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from './rollcall/v1/AgentInfo.ts';
import type { ConfirmRowLossRequestInput as _rollcall_v1_ConfirmRowLossRequestInput, ConfirmRowLossRequest as _rollcall_v1_ConfirmRowLossRequest } from './rollcall/v1/ConfirmRowLossRequest.ts';
import type { ConfirmRowLossResponseInput as _rollcall_v1_ConfirmRowLossResponseInput, ConfirmRowLossResponse as _rollcall_v1_ConfirmRowLossResponse } from './rollcall/v1/ConfirmRowLossResponse.ts';
import type { ControlPlaneInput as _rollcall_v1_ControlPlaneInput, ControlPlane as _rollcall_v1_ControlPlane } from './rollcall/v1/ControlPlane.ts';
import type { ControllerClient as _rollcall_v1_ControllerClient, ControllerDefinition as _rollcall_v1_ControllerDefinition } from './rollcall/v1/Controller.ts';
import type { ControllerInfoInput as _rollcall_v1_ControllerInfoInput, ControllerInfo as _rollcall_v1_ControllerInfo } from './rollcall/v1/ControllerInfo.ts';
import type { DecommissionAgentRequestInput as _rollcall_v1_DecommissionAgentRequestInput, DecommissionAgentRequest as _rollcall_v1_DecommissionAgentRequest } from './rollcall/v1/DecommissionAgentRequest.ts';
import type { DecommissionAgentResponseInput as _rollcall_v1_DecommissionAgentResponseInput, DecommissionAgentResponse as _rollcall_v1_DecommissionAgentResponse } from './rollcall/v1/DecommissionAgentResponse.ts';
import type { DeleteIngressConfigRequestInput as _rollcall_v1_DeleteIngressConfigRequestInput, DeleteIngressConfigRequest as _rollcall_v1_DeleteIngressConfigRequest } from './rollcall/v1/DeleteIngressConfigRequest.ts';
import type { DeleteIngressConfigResponseInput as _rollcall_v1_DeleteIngressConfigResponseInput, DeleteIngressConfigResponse as _rollcall_v1_DeleteIngressConfigResponse } from './rollcall/v1/DeleteIngressConfigResponse.ts';
import type { DiffGenerationsRequestInput as _rollcall_v1_DiffGenerationsRequestInput, DiffGenerationsRequest as _rollcall_v1_DiffGenerationsRequest } from './rollcall/v1/DiffGenerationsRequest.ts';
import type { DiffGenerationsResponseInput as _rollcall_v1_DiffGenerationsResponseInput, DiffGenerationsResponse as _rollcall_v1_DiffGenerationsResponse } from './rollcall/v1/DiffGenerationsResponse.ts';
import type { EnvironmentInput as _rollcall_v1_EnvironmentInput, Environment as _rollcall_v1_Environment } from './rollcall/v1/Environment.ts';
import type { EtcdPlaneInput as _rollcall_v1_EtcdPlaneInput, EtcdPlane as _rollcall_v1_EtcdPlane } from './rollcall/v1/EtcdPlane.ts';
import type { FieldChangeInput as _rollcall_v1_FieldChangeInput, FieldChange as _rollcall_v1_FieldChange } from './rollcall/v1/FieldChange.ts';
import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from './rollcall/v1/Generation.ts';
import type { GetControlPlaneRequestInput as _rollcall_v1_GetControlPlaneRequestInput, GetControlPlaneRequest as _rollcall_v1_GetControlPlaneRequest } from './rollcall/v1/GetControlPlaneRequest.ts';
import type { GetControlPlaneResponseInput as _rollcall_v1_GetControlPlaneResponseInput, GetControlPlaneResponse as _rollcall_v1_GetControlPlaneResponse } from './rollcall/v1/GetControlPlaneResponse.ts';
import type { GetGenerationRequestInput as _rollcall_v1_GetGenerationRequestInput, GetGenerationRequest as _rollcall_v1_GetGenerationRequest } from './rollcall/v1/GetGenerationRequest.ts';
import type { GetGenerationResponseInput as _rollcall_v1_GetGenerationResponseInput, GetGenerationResponse as _rollcall_v1_GetGenerationResponse } from './rollcall/v1/GetGenerationResponse.ts';
import type { GetIngressConfigRequestInput as _rollcall_v1_GetIngressConfigRequestInput, GetIngressConfigRequest as _rollcall_v1_GetIngressConfigRequest } from './rollcall/v1/GetIngressConfigRequest.ts';
import type { GetIngressConfigResponseInput as _rollcall_v1_GetIngressConfigResponseInput, GetIngressConfigResponse as _rollcall_v1_GetIngressConfigResponse } from './rollcall/v1/GetIngressConfigResponse.ts';
import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from './rollcall/v1/IngressConfig.ts';
import type { ListAgentsRequestInput as _rollcall_v1_ListAgentsRequestInput, ListAgentsRequest as _rollcall_v1_ListAgentsRequest } from './rollcall/v1/ListAgentsRequest.ts';
import type { ListAgentsResponseInput as _rollcall_v1_ListAgentsResponseInput, ListAgentsResponse as _rollcall_v1_ListAgentsResponse } from './rollcall/v1/ListAgentsResponse.ts';
import type { ListControllersRequestInput as _rollcall_v1_ListControllersRequestInput, ListControllersRequest as _rollcall_v1_ListControllersRequest } from './rollcall/v1/ListControllersRequest.ts';
import type { ListControllersResponseInput as _rollcall_v1_ListControllersResponseInput, ListControllersResponse as _rollcall_v1_ListControllersResponse } from './rollcall/v1/ListControllersResponse.ts';
import type { ListEnvironmentsRequestInput as _rollcall_v1_ListEnvironmentsRequestInput, ListEnvironmentsRequest as _rollcall_v1_ListEnvironmentsRequest } from './rollcall/v1/ListEnvironmentsRequest.ts';
import type { ListEnvironmentsResponseInput as _rollcall_v1_ListEnvironmentsResponseInput, ListEnvironmentsResponse as _rollcall_v1_ListEnvironmentsResponse } from './rollcall/v1/ListEnvironmentsResponse.ts';
import type { ListGenerationsRequestInput as _rollcall_v1_ListGenerationsRequestInput, ListGenerationsRequest as _rollcall_v1_ListGenerationsRequest } from './rollcall/v1/ListGenerationsRequest.ts';
import type { ListGenerationsResponseInput as _rollcall_v1_ListGenerationsResponseInput, ListGenerationsResponse as _rollcall_v1_ListGenerationsResponse } from './rollcall/v1/ListGenerationsResponse.ts';
import type { ListIngressConfigsRequestInput as _rollcall_v1_ListIngressConfigsRequestInput, ListIngressConfigsRequest as _rollcall_v1_ListIngressConfigsRequest } from './rollcall/v1/ListIngressConfigsRequest.ts';
import type { ListIngressConfigsResponseInput as _rollcall_v1_ListIngressConfigsResponseInput, ListIngressConfigsResponse as _rollcall_v1_ListIngressConfigsResponse } from './rollcall/v1/ListIngressConfigsResponse.ts';
import type { MysqlPlaneInput as _rollcall_v1_MysqlPlaneInput, MysqlPlane as _rollcall_v1_MysqlPlane } from './rollcall/v1/MysqlPlane.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from './rollcall/v1/ReadAfter.ts';
import type { RebaseGenerationsRequestInput as _rollcall_v1_RebaseGenerationsRequestInput, RebaseGenerationsRequest as _rollcall_v1_RebaseGenerationsRequest } from './rollcall/v1/RebaseGenerationsRequest.ts';
import type { RebaseGenerationsResponseInput as _rollcall_v1_RebaseGenerationsResponseInput, RebaseGenerationsResponse as _rollcall_v1_RebaseGenerationsResponse } from './rollcall/v1/RebaseGenerationsResponse.ts';
import type { ResumeRemovalsRequestInput as _rollcall_v1_ResumeRemovalsRequestInput, ResumeRemovalsRequest as _rollcall_v1_ResumeRemovalsRequest } from './rollcall/v1/ResumeRemovalsRequest.ts';
import type { ResumeRemovalsResponseInput as _rollcall_v1_ResumeRemovalsResponseInput, ResumeRemovalsResponse as _rollcall_v1_ResumeRemovalsResponse } from './rollcall/v1/ResumeRemovalsResponse.ts';
import type { RollbackIngressConfigRequestInput as _rollcall_v1_RollbackIngressConfigRequestInput, RollbackIngressConfigRequest as _rollcall_v1_RollbackIngressConfigRequest } from './rollcall/v1/RollbackIngressConfigRequest.ts';
import type { RollbackIngressConfigResponseInput as _rollcall_v1_RollbackIngressConfigResponseInput, RollbackIngressConfigResponse as _rollcall_v1_RollbackIngressConfigResponse } from './rollcall/v1/RollbackIngressConfigResponse.ts';
import type { SafetyStopInput as _rollcall_v1_SafetyStopInput, SafetyStop as _rollcall_v1_SafetyStop } from './rollcall/v1/SafetyStop.ts';
import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from './rollcall/v1/SetIngressConfigRequest.ts';
import type { SetIngressConfigResponseInput as _rollcall_v1_SetIngressConfigResponseInput, SetIngressConfigResponse as _rollcall_v1_SetIngressConfigResponse } from './rollcall/v1/SetIngressConfigResponse.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from './rollcall/v1/Synced.ts';
import type { UpdateEnvironmentRequestInput as _rollcall_v1_UpdateEnvironmentRequestInput, UpdateEnvironmentRequest as _rollcall_v1_UpdateEnvironmentRequest } from './rollcall/v1/UpdateEnvironmentRequest.ts';
import type { UpdateEnvironmentResponseInput as _rollcall_v1_UpdateEnvironmentResponseInput, UpdateEnvironmentResponse as _rollcall_v1_UpdateEnvironmentResponse } from './rollcall/v1/UpdateEnvironmentResponse.ts';
import type { WatchAgentsRequestInput as _rollcall_v1_WatchAgentsRequestInput, WatchAgentsRequest as _rollcall_v1_WatchAgentsRequest } from './rollcall/v1/WatchAgentsRequest.ts';
import type { WatchAgentsResponseInput as _rollcall_v1_WatchAgentsResponseInput, WatchAgentsResponse as _rollcall_v1_WatchAgentsResponse } from './rollcall/v1/WatchAgentsResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      ListValue: MessageTypeDefinition<_google_protobuf_ListValueInput, _google_protobuf_ListValue>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_StructInput, _google_protobuf_Struct>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
      Value: MessageTypeDefinition<_google_protobuf_ValueInput, _google_protobuf_Value>
    }
  }
  rollcall: {
    v1: {
      AgentInfo: MessageTypeDefinition<_rollcall_v1_AgentInfoInput, _rollcall_v1_AgentInfo>
      AgentState: EnumTypeDefinition
      CompletionPolicy: EnumTypeDefinition
      ConfigView: EnumTypeDefinition
      ConfirmRowLossRequest: MessageTypeDefinition<_rollcall_v1_ConfirmRowLossRequestInput, _rollcall_v1_ConfirmRowLossRequest>
      ConfirmRowLossResponse: MessageTypeDefinition<_rollcall_v1_ConfirmRowLossResponseInput, _rollcall_v1_ConfirmRowLossResponse>
      ControlPlane: MessageTypeDefinition<_rollcall_v1_ControlPlaneInput, _rollcall_v1_ControlPlane>
      ControlPlaneState: EnumTypeDefinition
      Controller: SubtypeConstructor<typeof grpc.Client, _rollcall_v1_ControllerClient> & { service: _rollcall_v1_ControllerDefinition }
      ControllerInfo: MessageTypeDefinition<_rollcall_v1_ControllerInfoInput, _rollcall_v1_ControllerInfo>
      DecommissionAgentRequest: MessageTypeDefinition<_rollcall_v1_DecommissionAgentRequestInput, _rollcall_v1_DecommissionAgentRequest>
      DecommissionAgentResponse: MessageTypeDefinition<_rollcall_v1_DecommissionAgentResponseInput, _rollcall_v1_DecommissionAgentResponse>
      DeleteIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_DeleteIngressConfigRequestInput, _rollcall_v1_DeleteIngressConfigRequest>
      DeleteIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_DeleteIngressConfigResponseInput, _rollcall_v1_DeleteIngressConfigResponse>
      DiffGenerationsRequest: MessageTypeDefinition<_rollcall_v1_DiffGenerationsRequestInput, _rollcall_v1_DiffGenerationsRequest>
      DiffGenerationsResponse: MessageTypeDefinition<_rollcall_v1_DiffGenerationsResponseInput, _rollcall_v1_DiffGenerationsResponse>
      Environment: MessageTypeDefinition<_rollcall_v1_EnvironmentInput, _rollcall_v1_Environment>
      EtcdPlane: MessageTypeDefinition<_rollcall_v1_EtcdPlaneInput, _rollcall_v1_EtcdPlane>
      FieldChange: MessageTypeDefinition<_rollcall_v1_FieldChangeInput, _rollcall_v1_FieldChange>
      Generation: MessageTypeDefinition<_rollcall_v1_GenerationInput, _rollcall_v1_Generation>
      GetControlPlaneRequest: MessageTypeDefinition<_rollcall_v1_GetControlPlaneRequestInput, _rollcall_v1_GetControlPlaneRequest>
      GetControlPlaneResponse: MessageTypeDefinition<_rollcall_v1_GetControlPlaneResponseInput, _rollcall_v1_GetControlPlaneResponse>
      GetGenerationRequest: MessageTypeDefinition<_rollcall_v1_GetGenerationRequestInput, _rollcall_v1_GetGenerationRequest>
      GetGenerationResponse: MessageTypeDefinition<_rollcall_v1_GetGenerationResponseInput, _rollcall_v1_GetGenerationResponse>
      GetIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_GetIngressConfigRequestInput, _rollcall_v1_GetIngressConfigRequest>
      GetIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_GetIngressConfigResponseInput, _rollcall_v1_GetIngressConfigResponse>
      IngressConfig: MessageTypeDefinition<_rollcall_v1_IngressConfigInput, _rollcall_v1_IngressConfig>
      ListAgentsRequest: MessageTypeDefinition<_rollcall_v1_ListAgentsRequestInput, _rollcall_v1_ListAgentsRequest>
      ListAgentsResponse: MessageTypeDefinition<_rollcall_v1_ListAgentsResponseInput, _rollcall_v1_ListAgentsResponse>
      ListControllersRequest: MessageTypeDefinition<_rollcall_v1_ListControllersRequestInput, _rollcall_v1_ListControllersRequest>
      ListControllersResponse: MessageTypeDefinition<_rollcall_v1_ListControllersResponseInput, _rollcall_v1_ListControllersResponse>
      ListEnvironmentsRequest: MessageTypeDefinition<_rollcall_v1_ListEnvironmentsRequestInput, _rollcall_v1_ListEnvironmentsRequest>
      ListEnvironmentsResponse: MessageTypeDefinition<_rollcall_v1_ListEnvironmentsResponseInput, _rollcall_v1_ListEnvironmentsResponse>
      ListGenerationsRequest: MessageTypeDefinition<_rollcall_v1_ListGenerationsRequestInput, _rollcall_v1_ListGenerationsRequest>
      ListGenerationsResponse: MessageTypeDefinition<_rollcall_v1_ListGenerationsResponseInput, _rollcall_v1_ListGenerationsResponse>
      ListIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_ListIngressConfigsRequestInput, _rollcall_v1_ListIngressConfigsRequest>
      ListIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_ListIngressConfigsResponseInput, _rollcall_v1_ListIngressConfigsResponse>
      MysqlPlane: MessageTypeDefinition<_rollcall_v1_MysqlPlaneInput, _rollcall_v1_MysqlPlane>
      PublishState: EnumTypeDefinition
      ReadAfter: MessageTypeDefinition<_rollcall_v1_ReadAfterInput, _rollcall_v1_ReadAfter>
      RebaseGenerationsRequest: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsRequestInput, _rollcall_v1_RebaseGenerationsRequest>
      RebaseGenerationsResponse: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsResponseInput, _rollcall_v1_RebaseGenerationsResponse>
      ResumeRemovalsRequest: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsRequestInput, _rollcall_v1_ResumeRemovalsRequest>
      ResumeRemovalsResponse: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsResponseInput, _rollcall_v1_ResumeRemovalsResponse>
      RollbackIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigRequestInput, _rollcall_v1_RollbackIngressConfigRequest>
      RollbackIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigResponseInput, _rollcall_v1_RollbackIngressConfigResponse>
      SafetyStop: MessageTypeDefinition<_rollcall_v1_SafetyStopInput, _rollcall_v1_SafetyStop>
      SetIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_SetIngressConfigRequestInput, _rollcall_v1_SetIngressConfigRequest>
      SetIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_SetIngressConfigResponseInput, _rollcall_v1_SetIngressConfigResponse>
      Synced: MessageTypeDefinition<_rollcall_v1_SyncedInput, _rollcall_v1_Synced>
      UpdateEnvironmentRequest: MessageTypeDefinition<_rollcall_v1_UpdateEnvironmentRequestInput, _rollcall_v1_UpdateEnvironmentRequest>
      UpdateEnvironmentResponse: MessageTypeDefinition<_rollcall_v1_UpdateEnvironmentResponseInput, _rollcall_v1_UpdateEnvironmentResponse>
      WatchAgentsRequest: MessageTypeDefinition<_rollcall_v1_WatchAgentsRequestInput, _rollcall_v1_WatchAgentsRequest>
      WatchAgentsResponse: MessageTypeDefinition<_rollcall_v1_WatchAgentsResponseInput, _rollcall_v1_WatchAgentsResponse>
    }
  }
}


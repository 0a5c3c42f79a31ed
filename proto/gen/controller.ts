import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CustomHttpPatternInput as _google_api_CustomHttpPatternInput, CustomHttpPattern as _google_api_CustomHttpPattern } from './google/api/CustomHttpPattern.ts';
import type { HttpInput as _google_api_HttpInput, Http as _google_api_Http } from './google/api/Http.ts';
import type { HttpRuleInput as _google_api_HttpRuleInput, HttpRule as _google_api_HttpRule } from './google/api/HttpRule.ts';
import type { DescriptorProtoInput as _google_protobuf_DescriptorProtoInput, DescriptorProto as _google_protobuf_DescriptorProto } from './google/protobuf/DescriptorProto.ts';
import type { DurationInput as _google_protobuf_DurationInput, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { EnumDescriptorProtoInput as _google_protobuf_EnumDescriptorProtoInput, EnumDescriptorProto as _google_protobuf_EnumDescriptorProto } from './google/protobuf/EnumDescriptorProto.ts';
import type { EnumOptionsInput as _google_protobuf_EnumOptionsInput, EnumOptions as _google_protobuf_EnumOptions } from './google/protobuf/EnumOptions.ts';
import type { EnumValueDescriptorProtoInput as _google_protobuf_EnumValueDescriptorProtoInput, EnumValueDescriptorProto as _google_protobuf_EnumValueDescriptorProto } from './google/protobuf/EnumValueDescriptorProto.ts';
import type { EnumValueOptionsInput as _google_protobuf_EnumValueOptionsInput, EnumValueOptions as _google_protobuf_EnumValueOptions } from './google/protobuf/EnumValueOptions.ts';
import type { ExtensionRangeOptionsInput as _google_protobuf_ExtensionRangeOptionsInput, ExtensionRangeOptions as _google_protobuf_ExtensionRangeOptions } from './google/protobuf/ExtensionRangeOptions.ts';
import type { FeatureSetInput as _google_protobuf_FeatureSetInput, FeatureSet as _google_protobuf_FeatureSet } from './google/protobuf/FeatureSet.ts';
import type { FeatureSetDefaultsInput as _google_protobuf_FeatureSetDefaultsInput, FeatureSetDefaults as _google_protobuf_FeatureSetDefaults } from './google/protobuf/FeatureSetDefaults.ts';
import type { FieldDescriptorProtoInput as _google_protobuf_FieldDescriptorProtoInput, FieldDescriptorProto as _google_protobuf_FieldDescriptorProto } from './google/protobuf/FieldDescriptorProto.ts';
import type { FieldMaskInput as _google_protobuf_FieldMaskInput, FieldMask as _google_protobuf_FieldMask } from './google/protobuf/FieldMask.ts';
import type { FieldOptionsInput as _google_protobuf_FieldOptionsInput, FieldOptions as _google_protobuf_FieldOptions } from './google/protobuf/FieldOptions.ts';
import type { FileDescriptorProtoInput as _google_protobuf_FileDescriptorProtoInput, FileDescriptorProto as _google_protobuf_FileDescriptorProto } from './google/protobuf/FileDescriptorProto.ts';
import type { FileDescriptorSetInput as _google_protobuf_FileDescriptorSetInput, FileDescriptorSet as _google_protobuf_FileDescriptorSet } from './google/protobuf/FileDescriptorSet.ts';
import type { FileOptionsInput as _google_protobuf_FileOptionsInput, FileOptions as _google_protobuf_FileOptions } from './google/protobuf/FileOptions.ts';
import type { GeneratedCodeInfoInput as _google_protobuf_GeneratedCodeInfoInput, GeneratedCodeInfo as _google_protobuf_GeneratedCodeInfo } from './google/protobuf/GeneratedCodeInfo.ts';
import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.ts';
import type { MessageOptionsInput as _google_protobuf_MessageOptionsInput, MessageOptions as _google_protobuf_MessageOptions } from './google/protobuf/MessageOptions.ts';
import type { MethodDescriptorProtoInput as _google_protobuf_MethodDescriptorProtoInput, MethodDescriptorProto as _google_protobuf_MethodDescriptorProto } from './google/protobuf/MethodDescriptorProto.ts';
import type { MethodOptionsInput as _google_protobuf_MethodOptionsInput, MethodOptions as _google_protobuf_MethodOptions } from './google/protobuf/MethodOptions.ts';
import type { OneofDescriptorProtoInput as _google_protobuf_OneofDescriptorProtoInput, OneofDescriptorProto as _google_protobuf_OneofDescriptorProto } from './google/protobuf/OneofDescriptorProto.ts';
import type { OneofOptionsInput as _google_protobuf_OneofOptionsInput, OneofOptions as _google_protobuf_OneofOptions } from './google/protobuf/OneofOptions.ts';
import type { ServiceDescriptorProtoInput as _google_protobuf_ServiceDescriptorProtoInput, ServiceDescriptorProto as _google_protobuf_ServiceDescriptorProto } from './google/protobuf/ServiceDescriptorProto.ts';
import type { ServiceOptionsInput as _google_protobuf_ServiceOptionsInput, ServiceOptions as _google_protobuf_ServiceOptions } from './google/protobuf/ServiceOptions.ts';
import type { SourceCodeInfoInput as _google_protobuf_SourceCodeInfoInput, SourceCodeInfo as _google_protobuf_SourceCodeInfo } from './google/protobuf/SourceCodeInfo.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { UninterpretedOptionInput as _google_protobuf_UninterpretedOptionInput, UninterpretedOption as _google_protobuf_UninterpretedOption } from './google/protobuf/UninterpretedOption.ts';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.ts';
import type { AgentClient as _rollcall_v1_AgentClient, AgentDefinition as _rollcall_v1_AgentDefinition } from './rollcall/v1/Agent.ts';
import type { AgentAnswersInput as _rollcall_v1_AgentAnswersInput, AgentAnswers as _rollcall_v1_AgentAnswers } from './rollcall/v1/AgentAnswers.ts';
import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from './rollcall/v1/AgentInfo.ts';
import type { AgentVerdictInput as _rollcall_v1_AgentVerdictInput, AgentVerdict as _rollcall_v1_AgentVerdict } from './rollcall/v1/AgentVerdict.ts';
import type { AppliedConfigInput as _rollcall_v1_AppliedConfigInput, AppliedConfig as _rollcall_v1_AppliedConfig } from './rollcall/v1/AppliedConfig.ts';
import type { AppliedVersionInput as _rollcall_v1_AppliedVersionInput, AppliedVersion as _rollcall_v1_AppliedVersion } from './rollcall/v1/AppliedVersion.ts';
import type { AttemptInput as _rollcall_v1_AttemptInput, Attempt as _rollcall_v1_Attempt } from './rollcall/v1/Attempt.ts';
import type { BatchSetIngressConfigsRequestInput as _rollcall_v1_BatchSetIngressConfigsRequestInput, BatchSetIngressConfigsRequest as _rollcall_v1_BatchSetIngressConfigsRequest } from './rollcall/v1/BatchSetIngressConfigsRequest.ts';
import type { BatchSetIngressConfigsResponseInput as _rollcall_v1_BatchSetIngressConfigsResponseInput, BatchSetIngressConfigsResponse as _rollcall_v1_BatchSetIngressConfigsResponse } from './rollcall/v1/BatchSetIngressConfigsResponse.ts';
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
import type { FieldProblemInput as _rollcall_v1_FieldProblemInput, FieldProblem as _rollcall_v1_FieldProblem } from './rollcall/v1/FieldProblem.ts';
import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from './rollcall/v1/Generation.ts';
import type { GetAgentRequestInput as _rollcall_v1_GetAgentRequestInput, GetAgentRequest as _rollcall_v1_GetAgentRequest } from './rollcall/v1/GetAgentRequest.ts';
import type { GetAgentResponseInput as _rollcall_v1_GetAgentResponseInput, GetAgentResponse as _rollcall_v1_GetAgentResponse } from './rollcall/v1/GetAgentResponse.ts';
import type { GetAppliedConfigRequestInput as _rollcall_v1_GetAppliedConfigRequestInput, GetAppliedConfigRequest as _rollcall_v1_GetAppliedConfigRequest } from './rollcall/v1/GetAppliedConfigRequest.ts';
import type { GetAppliedConfigResponseInput as _rollcall_v1_GetAppliedConfigResponseInput, GetAppliedConfigResponse as _rollcall_v1_GetAppliedConfigResponse } from './rollcall/v1/GetAppliedConfigResponse.ts';
import type { GetControlPlaneRequestInput as _rollcall_v1_GetControlPlaneRequestInput, GetControlPlaneRequest as _rollcall_v1_GetControlPlaneRequest } from './rollcall/v1/GetControlPlaneRequest.ts';
import type { GetControlPlaneResponseInput as _rollcall_v1_GetControlPlaneResponseInput, GetControlPlaneResponse as _rollcall_v1_GetControlPlaneResponse } from './rollcall/v1/GetControlPlaneResponse.ts';
import type { GetGenerationRequestInput as _rollcall_v1_GetGenerationRequestInput, GetGenerationRequest as _rollcall_v1_GetGenerationRequest } from './rollcall/v1/GetGenerationRequest.ts';
import type { GetGenerationResponseInput as _rollcall_v1_GetGenerationResponseInput, GetGenerationResponse as _rollcall_v1_GetGenerationResponse } from './rollcall/v1/GetGenerationResponse.ts';
import type { GetIngressConfigRequestInput as _rollcall_v1_GetIngressConfigRequestInput, GetIngressConfigRequest as _rollcall_v1_GetIngressConfigRequest } from './rollcall/v1/GetIngressConfigRequest.ts';
import type { GetIngressConfigResponseInput as _rollcall_v1_GetIngressConfigResponseInput, GetIngressConfigResponse as _rollcall_v1_GetIngressConfigResponse } from './rollcall/v1/GetIngressConfigResponse.ts';
import type { HeldRemovalInput as _rollcall_v1_HeldRemovalInput, HeldRemoval as _rollcall_v1_HeldRemoval } from './rollcall/v1/HeldRemoval.ts';
import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from './rollcall/v1/IngressConfig.ts';
import type { ListAgentsRequestInput as _rollcall_v1_ListAgentsRequestInput, ListAgentsRequest as _rollcall_v1_ListAgentsRequest } from './rollcall/v1/ListAgentsRequest.ts';
import type { ListAgentsResponseInput as _rollcall_v1_ListAgentsResponseInput, ListAgentsResponse as _rollcall_v1_ListAgentsResponse } from './rollcall/v1/ListAgentsResponse.ts';
import type { ListAppliedConfigsRequestInput as _rollcall_v1_ListAppliedConfigsRequestInput, ListAppliedConfigsRequest as _rollcall_v1_ListAppliedConfigsRequest } from './rollcall/v1/ListAppliedConfigsRequest.ts';
import type { ListAppliedConfigsResponseInput as _rollcall_v1_ListAppliedConfigsResponseInput, ListAppliedConfigsResponse as _rollcall_v1_ListAppliedConfigsResponse } from './rollcall/v1/ListAppliedConfigsResponse.ts';
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
import type { RelistRequestInput as _rollcall_v1_RelistRequestInput, RelistRequest as _rollcall_v1_RelistRequest } from './rollcall/v1/RelistRequest.ts';
import type { RelistResponseInput as _rollcall_v1_RelistResponseInput, RelistResponse as _rollcall_v1_RelistResponse } from './rollcall/v1/RelistResponse.ts';
import type { ResumeRemovalsRequestInput as _rollcall_v1_ResumeRemovalsRequestInput, ResumeRemovalsRequest as _rollcall_v1_ResumeRemovalsRequest } from './rollcall/v1/ResumeRemovalsRequest.ts';
import type { ResumeRemovalsResponseInput as _rollcall_v1_ResumeRemovalsResponseInput, ResumeRemovalsResponse as _rollcall_v1_ResumeRemovalsResponse } from './rollcall/v1/ResumeRemovalsResponse.ts';
import type { RollbackIngressConfigRequestInput as _rollcall_v1_RollbackIngressConfigRequestInput, RollbackIngressConfigRequest as _rollcall_v1_RollbackIngressConfigRequest } from './rollcall/v1/RollbackIngressConfigRequest.ts';
import type { RollbackIngressConfigResponseInput as _rollcall_v1_RollbackIngressConfigResponseInput, RollbackIngressConfigResponse as _rollcall_v1_RollbackIngressConfigResponse } from './rollcall/v1/RollbackIngressConfigResponse.ts';
import type { SafetyStopInput as _rollcall_v1_SafetyStopInput, SafetyStop as _rollcall_v1_SafetyStop } from './rollcall/v1/SafetyStop.ts';
import type { SetFailureInput as _rollcall_v1_SetFailureInput, SetFailure as _rollcall_v1_SetFailure } from './rollcall/v1/SetFailure.ts';
import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from './rollcall/v1/SetIngressConfigRequest.ts';
import type { SetIngressConfigResponseInput as _rollcall_v1_SetIngressConfigResponseInput, SetIngressConfigResponse as _rollcall_v1_SetIngressConfigResponse } from './rollcall/v1/SetIngressConfigResponse.ts';
import type { SetOutcomeInput as _rollcall_v1_SetOutcomeInput, SetOutcome as _rollcall_v1_SetOutcome } from './rollcall/v1/SetOutcome.ts';
import type { StreamSetIngressConfigsRequestInput as _rollcall_v1_StreamSetIngressConfigsRequestInput, StreamSetIngressConfigsRequest as _rollcall_v1_StreamSetIngressConfigsRequest } from './rollcall/v1/StreamSetIngressConfigsRequest.ts';
import type { StreamSetIngressConfigsResponseInput as _rollcall_v1_StreamSetIngressConfigsResponseInput, StreamSetIngressConfigsResponse as _rollcall_v1_StreamSetIngressConfigsResponse } from './rollcall/v1/StreamSetIngressConfigsResponse.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from './rollcall/v1/Synced.ts';
import type { UpdateEnvironmentRequestInput as _rollcall_v1_UpdateEnvironmentRequestInput, UpdateEnvironmentRequest as _rollcall_v1_UpdateEnvironmentRequest } from './rollcall/v1/UpdateEnvironmentRequest.ts';
import type { UpdateEnvironmentResponseInput as _rollcall_v1_UpdateEnvironmentResponseInput, UpdateEnvironmentResponse as _rollcall_v1_UpdateEnvironmentResponse } from './rollcall/v1/UpdateEnvironmentResponse.ts';
import type { ValidateRequestInput as _rollcall_v1_ValidateRequestInput, ValidateRequest as _rollcall_v1_ValidateRequest } from './rollcall/v1/ValidateRequest.ts';
import type { ValidateResponseInput as _rollcall_v1_ValidateResponseInput, ValidateResponse as _rollcall_v1_ValidateResponse } from './rollcall/v1/ValidateResponse.ts';
import type { WatchAgentsRequestInput as _rollcall_v1_WatchAgentsRequestInput, WatchAgentsRequest as _rollcall_v1_WatchAgentsRequest } from './rollcall/v1/WatchAgentsRequest.ts';
import type { WatchAgentsResponseInput as _rollcall_v1_WatchAgentsResponseInput, WatchAgentsResponse as _rollcall_v1_WatchAgentsResponse } from './rollcall/v1/WatchAgentsResponse.ts';
import type { WatchEventsRequestInput as _rollcall_v1_WatchEventsRequestInput, WatchEventsRequest as _rollcall_v1_WatchEventsRequest } from './rollcall/v1/WatchEventsRequest.ts';
import type { WatchEventsResponseInput as _rollcall_v1_WatchEventsResponseInput, WatchEventsResponse as _rollcall_v1_WatchEventsResponse } from './rollcall/v1/WatchEventsResponse.ts';
import type { WatchIngressConfigsRequestInput as _rollcall_v1_WatchIngressConfigsRequestInput, WatchIngressConfigsRequest as _rollcall_v1_WatchIngressConfigsRequest } from './rollcall/v1/WatchIngressConfigsRequest.ts';
import type { WatchIngressConfigsResponseInput as _rollcall_v1_WatchIngressConfigsResponseInput, WatchIngressConfigsResponse as _rollcall_v1_WatchIngressConfigsResponse } from './rollcall/v1/WatchIngressConfigsResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    api: {
      CustomHttpPattern: MessageTypeDefinition<_google_api_CustomHttpPatternInput, _google_api_CustomHttpPattern>
      Http: MessageTypeDefinition<_google_api_HttpInput, _google_api_Http>
      HttpRule: MessageTypeDefinition<_google_api_HttpRuleInput, _google_api_HttpRule>
    }
    protobuf: {
      DescriptorProto: MessageTypeDefinition<_google_protobuf_DescriptorProtoInput, _google_protobuf_DescriptorProto>
      Duration: MessageTypeDefinition<_google_protobuf_DurationInput, _google_protobuf_Duration>
      Edition: EnumTypeDefinition
      EnumDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumDescriptorProtoInput, _google_protobuf_EnumDescriptorProto>
      EnumOptions: MessageTypeDefinition<_google_protobuf_EnumOptionsInput, _google_protobuf_EnumOptions>
      EnumValueDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumValueDescriptorProtoInput, _google_protobuf_EnumValueDescriptorProto>
      EnumValueOptions: MessageTypeDefinition<_google_protobuf_EnumValueOptionsInput, _google_protobuf_EnumValueOptions>
      ExtensionRangeOptions: MessageTypeDefinition<_google_protobuf_ExtensionRangeOptionsInput, _google_protobuf_ExtensionRangeOptions>
      FeatureSet: MessageTypeDefinition<_google_protobuf_FeatureSetInput, _google_protobuf_FeatureSet>
      FeatureSetDefaults: MessageTypeDefinition<_google_protobuf_FeatureSetDefaultsInput, _google_protobuf_FeatureSetDefaults>
      FieldDescriptorProto: MessageTypeDefinition<_google_protobuf_FieldDescriptorProtoInput, _google_protobuf_FieldDescriptorProto>
      FieldMask: MessageTypeDefinition<_google_protobuf_FieldMaskInput, _google_protobuf_FieldMask>
      FieldOptions: MessageTypeDefinition<_google_protobuf_FieldOptionsInput, _google_protobuf_FieldOptions>
      FileDescriptorProto: MessageTypeDefinition<_google_protobuf_FileDescriptorProtoInput, _google_protobuf_FileDescriptorProto>
      FileDescriptorSet: MessageTypeDefinition<_google_protobuf_FileDescriptorSetInput, _google_protobuf_FileDescriptorSet>
      FileOptions: MessageTypeDefinition<_google_protobuf_FileOptionsInput, _google_protobuf_FileOptions>
      GeneratedCodeInfo: MessageTypeDefinition<_google_protobuf_GeneratedCodeInfoInput, _google_protobuf_GeneratedCodeInfo>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValueInput, _google_protobuf_ListValue>
      MessageOptions: MessageTypeDefinition<_google_protobuf_MessageOptionsInput, _google_protobuf_MessageOptions>
      MethodDescriptorProto: MessageTypeDefinition<_google_protobuf_MethodDescriptorProtoInput, _google_protobuf_MethodDescriptorProto>
      MethodOptions: MessageTypeDefinition<_google_protobuf_MethodOptionsInput, _google_protobuf_MethodOptions>
      NullValue: EnumTypeDefinition
      OneofDescriptorProto: MessageTypeDefinition<_google_protobuf_OneofDescriptorProtoInput, _google_protobuf_OneofDescriptorProto>
      OneofOptions: MessageTypeDefinition<_google_protobuf_OneofOptionsInput, _google_protobuf_OneofOptions>
      ServiceDescriptorProto: MessageTypeDefinition<_google_protobuf_ServiceDescriptorProtoInput, _google_protobuf_ServiceDescriptorProto>
      ServiceOptions: MessageTypeDefinition<_google_protobuf_ServiceOptionsInput, _google_protobuf_ServiceOptions>
      SourceCodeInfo: MessageTypeDefinition<_google_protobuf_SourceCodeInfoInput, _google_protobuf_SourceCodeInfo>
      Struct: MessageTypeDefinition<_google_protobuf_StructInput, _google_protobuf_Struct>
      SymbolVisibility: EnumTypeDefinition
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
      UninterpretedOption: MessageTypeDefinition<_google_protobuf_UninterpretedOptionInput, _google_protobuf_UninterpretedOption>
      Value: MessageTypeDefinition<_google_protobuf_ValueInput, _google_protobuf_Value>
    }
  }
  rollcall: {
    v1: {
      Agent: SubtypeConstructor<typeof grpc.Client, _rollcall_v1_AgentClient> & { service: _rollcall_v1_AgentDefinition }
      AgentAnswers: MessageTypeDefinition<_rollcall_v1_AgentAnswersInput, _rollcall_v1_AgentAnswers>
      AgentInfo: MessageTypeDefinition<_rollcall_v1_AgentInfoInput, _rollcall_v1_AgentInfo>
      AgentPhase: EnumTypeDefinition
      AgentState: EnumTypeDefinition
      AgentVerdict: MessageTypeDefinition<_rollcall_v1_AgentVerdictInput, _rollcall_v1_AgentVerdict>
      AppliedConfig: MessageTypeDefinition<_rollcall_v1_AppliedConfigInput, _rollcall_v1_AppliedConfig>
      AppliedVersion: MessageTypeDefinition<_rollcall_v1_AppliedVersionInput, _rollcall_v1_AppliedVersion>
      Attempt: MessageTypeDefinition<_rollcall_v1_AttemptInput, _rollcall_v1_Attempt>
      BatchSetIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_BatchSetIngressConfigsRequestInput, _rollcall_v1_BatchSetIngressConfigsRequest>
      BatchSetIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_BatchSetIngressConfigsResponseInput, _rollcall_v1_BatchSetIngressConfigsResponse>
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
      FieldProblem: MessageTypeDefinition<_rollcall_v1_FieldProblemInput, _rollcall_v1_FieldProblem>
      Generation: MessageTypeDefinition<_rollcall_v1_GenerationInput, _rollcall_v1_Generation>
      GetAgentRequest: MessageTypeDefinition<_rollcall_v1_GetAgentRequestInput, _rollcall_v1_GetAgentRequest>
      GetAgentResponse: MessageTypeDefinition<_rollcall_v1_GetAgentResponseInput, _rollcall_v1_GetAgentResponse>
      GetAppliedConfigRequest: MessageTypeDefinition<_rollcall_v1_GetAppliedConfigRequestInput, _rollcall_v1_GetAppliedConfigRequest>
      GetAppliedConfigResponse: MessageTypeDefinition<_rollcall_v1_GetAppliedConfigResponseInput, _rollcall_v1_GetAppliedConfigResponse>
      GetControlPlaneRequest: MessageTypeDefinition<_rollcall_v1_GetControlPlaneRequestInput, _rollcall_v1_GetControlPlaneRequest>
      GetControlPlaneResponse: MessageTypeDefinition<_rollcall_v1_GetControlPlaneResponseInput, _rollcall_v1_GetControlPlaneResponse>
      GetGenerationRequest: MessageTypeDefinition<_rollcall_v1_GetGenerationRequestInput, _rollcall_v1_GetGenerationRequest>
      GetGenerationResponse: MessageTypeDefinition<_rollcall_v1_GetGenerationResponseInput, _rollcall_v1_GetGenerationResponse>
      GetIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_GetIngressConfigRequestInput, _rollcall_v1_GetIngressConfigRequest>
      GetIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_GetIngressConfigResponseInput, _rollcall_v1_GetIngressConfigResponse>
      HeldRemoval: MessageTypeDefinition<_rollcall_v1_HeldRemovalInput, _rollcall_v1_HeldRemoval>
      IngressConfig: MessageTypeDefinition<_rollcall_v1_IngressConfigInput, _rollcall_v1_IngressConfig>
      ListAgentsRequest: MessageTypeDefinition<_rollcall_v1_ListAgentsRequestInput, _rollcall_v1_ListAgentsRequest>
      ListAgentsResponse: MessageTypeDefinition<_rollcall_v1_ListAgentsResponseInput, _rollcall_v1_ListAgentsResponse>
      ListAppliedConfigsRequest: MessageTypeDefinition<_rollcall_v1_ListAppliedConfigsRequestInput, _rollcall_v1_ListAppliedConfigsRequest>
      ListAppliedConfigsResponse: MessageTypeDefinition<_rollcall_v1_ListAppliedConfigsResponseInput, _rollcall_v1_ListAppliedConfigsResponse>
      ListControllersRequest: MessageTypeDefinition<_rollcall_v1_ListControllersRequestInput, _rollcall_v1_ListControllersRequest>
      ListControllersResponse: MessageTypeDefinition<_rollcall_v1_ListControllersResponseInput, _rollcall_v1_ListControllersResponse>
      ListEnvironmentsRequest: MessageTypeDefinition<_rollcall_v1_ListEnvironmentsRequestInput, _rollcall_v1_ListEnvironmentsRequest>
      ListEnvironmentsResponse: MessageTypeDefinition<_rollcall_v1_ListEnvironmentsResponseInput, _rollcall_v1_ListEnvironmentsResponse>
      ListGenerationsRequest: MessageTypeDefinition<_rollcall_v1_ListGenerationsRequestInput, _rollcall_v1_ListGenerationsRequest>
      ListGenerationsResponse: MessageTypeDefinition<_rollcall_v1_ListGenerationsResponseInput, _rollcall_v1_ListGenerationsResponse>
      ListIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_ListIngressConfigsRequestInput, _rollcall_v1_ListIngressConfigsRequest>
      ListIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_ListIngressConfigsResponseInput, _rollcall_v1_ListIngressConfigsResponse>
      MysqlPlane: MessageTypeDefinition<_rollcall_v1_MysqlPlaneInput, _rollcall_v1_MysqlPlane>
      Proof: EnumTypeDefinition
      PublishState: EnumTypeDefinition
      ReadAfter: MessageTypeDefinition<_rollcall_v1_ReadAfterInput, _rollcall_v1_ReadAfter>
      RebaseGenerationsRequest: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsRequestInput, _rollcall_v1_RebaseGenerationsRequest>
      RebaseGenerationsResponse: MessageTypeDefinition<_rollcall_v1_RebaseGenerationsResponseInput, _rollcall_v1_RebaseGenerationsResponse>
      RelistRequest: MessageTypeDefinition<_rollcall_v1_RelistRequestInput, _rollcall_v1_RelistRequest>
      RelistResponse: MessageTypeDefinition<_rollcall_v1_RelistResponseInput, _rollcall_v1_RelistResponse>
      ResumeRemovalsRequest: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsRequestInput, _rollcall_v1_ResumeRemovalsRequest>
      ResumeRemovalsResponse: MessageTypeDefinition<_rollcall_v1_ResumeRemovalsResponseInput, _rollcall_v1_ResumeRemovalsResponse>
      RollbackIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigRequestInput, _rollcall_v1_RollbackIngressConfigRequest>
      RollbackIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigResponseInput, _rollcall_v1_RollbackIngressConfigResponse>
      SafetyStop: MessageTypeDefinition<_rollcall_v1_SafetyStopInput, _rollcall_v1_SafetyStop>
      SetFailure: MessageTypeDefinition<_rollcall_v1_SetFailureInput, _rollcall_v1_SetFailure>
      SetIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_SetIngressConfigRequestInput, _rollcall_v1_SetIngressConfigRequest>
      SetIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_SetIngressConfigResponseInput, _rollcall_v1_SetIngressConfigResponse>
      SetOutcome: MessageTypeDefinition<_rollcall_v1_SetOutcomeInput, _rollcall_v1_SetOutcome>
      StreamSetIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsRequest>
      StreamSetIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_StreamSetIngressConfigsResponseInput, _rollcall_v1_StreamSetIngressConfigsResponse>
      Synced: MessageTypeDefinition<_rollcall_v1_SyncedInput, _rollcall_v1_Synced>
      UpdateEnvironmentRequest: MessageTypeDefinition<_rollcall_v1_UpdateEnvironmentRequestInput, _rollcall_v1_UpdateEnvironmentRequest>
      UpdateEnvironmentResponse: MessageTypeDefinition<_rollcall_v1_UpdateEnvironmentResponseInput, _rollcall_v1_UpdateEnvironmentResponse>
      ValidateRequest: MessageTypeDefinition<_rollcall_v1_ValidateRequestInput, _rollcall_v1_ValidateRequest>
      ValidateResponse: MessageTypeDefinition<_rollcall_v1_ValidateResponseInput, _rollcall_v1_ValidateResponse>
      Verdict: EnumTypeDefinition
      WatchAgentsRequest: MessageTypeDefinition<_rollcall_v1_WatchAgentsRequestInput, _rollcall_v1_WatchAgentsRequest>
      WatchAgentsResponse: MessageTypeDefinition<_rollcall_v1_WatchAgentsResponseInput, _rollcall_v1_WatchAgentsResponse>
      WatchEventsRequest: MessageTypeDefinition<_rollcall_v1_WatchEventsRequestInput, _rollcall_v1_WatchEventsRequest>
      WatchEventsResponse: MessageTypeDefinition<_rollcall_v1_WatchEventsResponseInput, _rollcall_v1_WatchEventsResponse>
      WatchIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_WatchIngressConfigsRequestInput, _rollcall_v1_WatchIngressConfigsRequest>
      WatchIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_WatchIngressConfigsResponseInput, _rollcall_v1_WatchIngressConfigsResponse>
    }
  }
}


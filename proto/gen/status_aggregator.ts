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
import type { AgentStatusInput as _rollcall_v1_AgentStatusInput, AgentStatus as _rollcall_v1_AgentStatus } from './rollcall/v1/AgentStatus.ts';
import type { BlockerInput as _rollcall_v1_BlockerInput, Blocker as _rollcall_v1_Blocker } from './rollcall/v1/Blocker.ts';
import type { CompletionInput as _rollcall_v1_CompletionInput, Completion as _rollcall_v1_Completion } from './rollcall/v1/Completion.ts';
import type { CompletionCountsInput as _rollcall_v1_CompletionCountsInput, CompletionCounts as _rollcall_v1_CompletionCounts } from './rollcall/v1/CompletionCounts.ts';
import type { CompletionReceiptInput as _rollcall_v1_CompletionReceiptInput, CompletionReceipt as _rollcall_v1_CompletionReceipt } from './rollcall/v1/CompletionReceipt.ts';
import type { EnvironmentStatusInput as _rollcall_v1_EnvironmentStatusInput, EnvironmentStatus as _rollcall_v1_EnvironmentStatus } from './rollcall/v1/EnvironmentStatus.ts';
import type { GetCompletionRequestInput as _rollcall_v1_GetCompletionRequestInput, GetCompletionRequest as _rollcall_v1_GetCompletionRequest } from './rollcall/v1/GetCompletionRequest.ts';
import type { GetCompletionResponseInput as _rollcall_v1_GetCompletionResponseInput, GetCompletionResponse as _rollcall_v1_GetCompletionResponse } from './rollcall/v1/GetCompletionResponse.ts';
import type { GetEnvironmentRequestInput as _rollcall_v1_GetEnvironmentRequestInput, GetEnvironmentRequest as _rollcall_v1_GetEnvironmentRequest } from './rollcall/v1/GetEnvironmentRequest.ts';
import type { GetEnvironmentResponseInput as _rollcall_v1_GetEnvironmentResponseInput, GetEnvironmentResponse as _rollcall_v1_GetEnvironmentResponse } from './rollcall/v1/GetEnvironmentResponse.ts';
import type { GetReceiptRequestInput as _rollcall_v1_GetReceiptRequestInput, GetReceiptRequest as _rollcall_v1_GetReceiptRequest } from './rollcall/v1/GetReceiptRequest.ts';
import type { GetReceiptResponseInput as _rollcall_v1_GetReceiptResponseInput, GetReceiptResponse as _rollcall_v1_GetReceiptResponse } from './rollcall/v1/GetReceiptResponse.ts';
import type { HistoryEventInput as _rollcall_v1_HistoryEventInput, HistoryEvent as _rollcall_v1_HistoryEvent } from './rollcall/v1/HistoryEvent.ts';
import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from './rollcall/v1/IngressConfig.ts';
import type { ListAgentStatusesRequestInput as _rollcall_v1_ListAgentStatusesRequestInput, ListAgentStatusesRequest as _rollcall_v1_ListAgentStatusesRequest } from './rollcall/v1/ListAgentStatusesRequest.ts';
import type { ListAgentStatusesResponseInput as _rollcall_v1_ListAgentStatusesResponseInput, ListAgentStatusesResponse as _rollcall_v1_ListAgentStatusesResponse } from './rollcall/v1/ListAgentStatusesResponse.ts';
import type { ListCompletionsRequestInput as _rollcall_v1_ListCompletionsRequestInput, ListCompletionsRequest as _rollcall_v1_ListCompletionsRequest } from './rollcall/v1/ListCompletionsRequest.ts';
import type { ListCompletionsResponseInput as _rollcall_v1_ListCompletionsResponseInput, ListCompletionsResponse as _rollcall_v1_ListCompletionsResponse } from './rollcall/v1/ListCompletionsResponse.ts';
import type { ListEventsRequestInput as _rollcall_v1_ListEventsRequestInput, ListEventsRequest as _rollcall_v1_ListEventsRequest } from './rollcall/v1/ListEventsRequest.ts';
import type { ListEventsResponseInput as _rollcall_v1_ListEventsResponseInput, ListEventsResponse as _rollcall_v1_ListEventsResponse } from './rollcall/v1/ListEventsResponse.ts';
import type { ListReceiptsRequestInput as _rollcall_v1_ListReceiptsRequestInput, ListReceiptsRequest as _rollcall_v1_ListReceiptsRequest } from './rollcall/v1/ListReceiptsRequest.ts';
import type { ListReceiptsResponseInput as _rollcall_v1_ListReceiptsResponseInput, ListReceiptsResponse as _rollcall_v1_ListReceiptsResponse } from './rollcall/v1/ListReceiptsResponse.ts';
import type { QueryCompletionsRequestInput as _rollcall_v1_QueryCompletionsRequestInput, QueryCompletionsRequest as _rollcall_v1_QueryCompletionsRequest } from './rollcall/v1/QueryCompletionsRequest.ts';
import type { QueryCompletionsResponseInput as _rollcall_v1_QueryCompletionsResponseInput, QueryCompletionsResponse as _rollcall_v1_QueryCompletionsResponse } from './rollcall/v1/QueryCompletionsResponse.ts';
import type { QueryFailureInput as _rollcall_v1_QueryFailureInput, QueryFailure as _rollcall_v1_QueryFailure } from './rollcall/v1/QueryFailure.ts';
import type { QueryProblemInput as _rollcall_v1_QueryProblemInput, QueryProblem as _rollcall_v1_QueryProblem } from './rollcall/v1/QueryProblem.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from './rollcall/v1/ReadAfter.ts';
import type { ReceiptExceptionInput as _rollcall_v1_ReceiptExceptionInput, ReceiptException as _rollcall_v1_ReceiptException } from './rollcall/v1/ReceiptException.ts';
import type { StateCountInput as _rollcall_v1_StateCountInput, StateCount as _rollcall_v1_StateCount } from './rollcall/v1/StateCount.ts';
import type { StatusAggregatorClient as _rollcall_v1_StatusAggregatorClient, StatusAggregatorDefinition as _rollcall_v1_StatusAggregatorDefinition } from './rollcall/v1/StatusAggregator.ts';
import type { StatusAggregatorListEnvironmentsRequestInput as _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, StatusAggregatorListEnvironmentsRequest as _rollcall_v1_StatusAggregatorListEnvironmentsRequest } from './rollcall/v1/StatusAggregatorListEnvironmentsRequest.ts';
import type { StatusAggregatorListEnvironmentsResponseInput as _rollcall_v1_StatusAggregatorListEnvironmentsResponseInput, StatusAggregatorListEnvironmentsResponse as _rollcall_v1_StatusAggregatorListEnvironmentsResponse } from './rollcall/v1/StatusAggregatorListEnvironmentsResponse.ts';
import type { WaitForCompletionRequestInput as _rollcall_v1_WaitForCompletionRequestInput, WaitForCompletionRequest as _rollcall_v1_WaitForCompletionRequest } from './rollcall/v1/WaitForCompletionRequest.ts';
import type { WaitForCompletionResponseInput as _rollcall_v1_WaitForCompletionResponseInput, WaitForCompletionResponse as _rollcall_v1_WaitForCompletionResponse } from './rollcall/v1/WaitForCompletionResponse.ts';
import type { WatchCompletionsRequestInput as _rollcall_v1_WatchCompletionsRequestInput, WatchCompletionsRequest as _rollcall_v1_WatchCompletionsRequest } from './rollcall/v1/WatchCompletionsRequest.ts';
import type { WatchCompletionsResponseInput as _rollcall_v1_WatchCompletionsResponseInput, WatchCompletionsResponse as _rollcall_v1_WatchCompletionsResponse } from './rollcall/v1/WatchCompletionsResponse.ts';

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
      AgentStanding: EnumTypeDefinition
      AgentStatus: MessageTypeDefinition<_rollcall_v1_AgentStatusInput, _rollcall_v1_AgentStatus>
      Blocker: MessageTypeDefinition<_rollcall_v1_BlockerInput, _rollcall_v1_Blocker>
      Completion: MessageTypeDefinition<_rollcall_v1_CompletionInput, _rollcall_v1_Completion>
      CompletionCounts: MessageTypeDefinition<_rollcall_v1_CompletionCountsInput, _rollcall_v1_CompletionCounts>
      CompletionPolicy: EnumTypeDefinition
      CompletionReceipt: MessageTypeDefinition<_rollcall_v1_CompletionReceiptInput, _rollcall_v1_CompletionReceipt>
      CompletionState: EnumTypeDefinition
      ConfigView: EnumTypeDefinition
      EnvironmentStatus: MessageTypeDefinition<_rollcall_v1_EnvironmentStatusInput, _rollcall_v1_EnvironmentStatus>
      EventType: EnumTypeDefinition
      GetCompletionRequest: MessageTypeDefinition<_rollcall_v1_GetCompletionRequestInput, _rollcall_v1_GetCompletionRequest>
      GetCompletionResponse: MessageTypeDefinition<_rollcall_v1_GetCompletionResponseInput, _rollcall_v1_GetCompletionResponse>
      GetEnvironmentRequest: MessageTypeDefinition<_rollcall_v1_GetEnvironmentRequestInput, _rollcall_v1_GetEnvironmentRequest>
      GetEnvironmentResponse: MessageTypeDefinition<_rollcall_v1_GetEnvironmentResponseInput, _rollcall_v1_GetEnvironmentResponse>
      GetReceiptRequest: MessageTypeDefinition<_rollcall_v1_GetReceiptRequestInput, _rollcall_v1_GetReceiptRequest>
      GetReceiptResponse: MessageTypeDefinition<_rollcall_v1_GetReceiptResponseInput, _rollcall_v1_GetReceiptResponse>
      HistoryEvent: MessageTypeDefinition<_rollcall_v1_HistoryEventInput, _rollcall_v1_HistoryEvent>
      IngressConfig: MessageTypeDefinition<_rollcall_v1_IngressConfigInput, _rollcall_v1_IngressConfig>
      ListAgentStatusesRequest: MessageTypeDefinition<_rollcall_v1_ListAgentStatusesRequestInput, _rollcall_v1_ListAgentStatusesRequest>
      ListAgentStatusesResponse: MessageTypeDefinition<_rollcall_v1_ListAgentStatusesResponseInput, _rollcall_v1_ListAgentStatusesResponse>
      ListCompletionsRequest: MessageTypeDefinition<_rollcall_v1_ListCompletionsRequestInput, _rollcall_v1_ListCompletionsRequest>
      ListCompletionsResponse: MessageTypeDefinition<_rollcall_v1_ListCompletionsResponseInput, _rollcall_v1_ListCompletionsResponse>
      ListEventsRequest: MessageTypeDefinition<_rollcall_v1_ListEventsRequestInput, _rollcall_v1_ListEventsRequest>
      ListEventsResponse: MessageTypeDefinition<_rollcall_v1_ListEventsResponseInput, _rollcall_v1_ListEventsResponse>
      ListReceiptsRequest: MessageTypeDefinition<_rollcall_v1_ListReceiptsRequestInput, _rollcall_v1_ListReceiptsRequest>
      ListReceiptsResponse: MessageTypeDefinition<_rollcall_v1_ListReceiptsResponseInput, _rollcall_v1_ListReceiptsResponse>
      PublishState: EnumTypeDefinition
      QueryCompletionsRequest: MessageTypeDefinition<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsRequest>
      QueryCompletionsResponse: MessageTypeDefinition<_rollcall_v1_QueryCompletionsResponseInput, _rollcall_v1_QueryCompletionsResponse>
      QueryFailure: MessageTypeDefinition<_rollcall_v1_QueryFailureInput, _rollcall_v1_QueryFailure>
      QueryProblem: MessageTypeDefinition<_rollcall_v1_QueryProblemInput, _rollcall_v1_QueryProblem>
      ReadAfter: MessageTypeDefinition<_rollcall_v1_ReadAfterInput, _rollcall_v1_ReadAfter>
      ReadConsistency: EnumTypeDefinition
      ReceiptException: MessageTypeDefinition<_rollcall_v1_ReceiptExceptionInput, _rollcall_v1_ReceiptException>
      ReceiptKind: EnumTypeDefinition
      StateCount: MessageTypeDefinition<_rollcall_v1_StateCountInput, _rollcall_v1_StateCount>
      StatusAggregator: SubtypeConstructor<typeof grpc.Client, _rollcall_v1_StatusAggregatorClient> & { service: _rollcall_v1_StatusAggregatorDefinition }
      StatusAggregatorListEnvironmentsRequest: MessageTypeDefinition<_rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, _rollcall_v1_StatusAggregatorListEnvironmentsRequest>
      StatusAggregatorListEnvironmentsResponse: MessageTypeDefinition<_rollcall_v1_StatusAggregatorListEnvironmentsResponseInput, _rollcall_v1_StatusAggregatorListEnvironmentsResponse>
      WaitFor: EnumTypeDefinition
      WaitForCompletionRequest: MessageTypeDefinition<_rollcall_v1_WaitForCompletionRequestInput, _rollcall_v1_WaitForCompletionRequest>
      WaitForCompletionResponse: MessageTypeDefinition<_rollcall_v1_WaitForCompletionResponseInput, _rollcall_v1_WaitForCompletionResponse>
      WaitOutcome: EnumTypeDefinition
      WatchCompletionsRequest: MessageTypeDefinition<_rollcall_v1_WatchCompletionsRequestInput, _rollcall_v1_WatchCompletionsRequest>
      WatchCompletionsResponse: MessageTypeDefinition<_rollcall_v1_WatchCompletionsResponseInput, _rollcall_v1_WatchCompletionsResponse>
    }
  }
}


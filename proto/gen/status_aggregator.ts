import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInput as _google_protobuf_DurationInput, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
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
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_DurationInput, _google_protobuf_Duration>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValueInput, _google_protobuf_ListValue>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_StructInput, _google_protobuf_Struct>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
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


// Original file: proto/rollcall/v1/status_aggregator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetCompletionRequestInput as _rollcall_v1_GetCompletionRequestInput, GetCompletionRequest as _rollcall_v1_GetCompletionRequest } from '../../rollcall/v1/GetCompletionRequest.ts';
import type { GetCompletionResponseInput as _rollcall_v1_GetCompletionResponseInput, GetCompletionResponse as _rollcall_v1_GetCompletionResponse } from '../../rollcall/v1/GetCompletionResponse.ts';
import type { GetEnvironmentRequestInput as _rollcall_v1_GetEnvironmentRequestInput, GetEnvironmentRequest as _rollcall_v1_GetEnvironmentRequest } from '../../rollcall/v1/GetEnvironmentRequest.ts';
import type { GetEnvironmentResponseInput as _rollcall_v1_GetEnvironmentResponseInput, GetEnvironmentResponse as _rollcall_v1_GetEnvironmentResponse } from '../../rollcall/v1/GetEnvironmentResponse.ts';
import type { GetReceiptRequestInput as _rollcall_v1_GetReceiptRequestInput, GetReceiptRequest as _rollcall_v1_GetReceiptRequest } from '../../rollcall/v1/GetReceiptRequest.ts';
import type { GetReceiptResponseInput as _rollcall_v1_GetReceiptResponseInput, GetReceiptResponse as _rollcall_v1_GetReceiptResponse } from '../../rollcall/v1/GetReceiptResponse.ts';
import type { ListAgentStatusesRequestInput as _rollcall_v1_ListAgentStatusesRequestInput, ListAgentStatusesRequest as _rollcall_v1_ListAgentStatusesRequest } from '../../rollcall/v1/ListAgentStatusesRequest.ts';
import type { ListAgentStatusesResponseInput as _rollcall_v1_ListAgentStatusesResponseInput, ListAgentStatusesResponse as _rollcall_v1_ListAgentStatusesResponse } from '../../rollcall/v1/ListAgentStatusesResponse.ts';
import type { ListCompletionsRequestInput as _rollcall_v1_ListCompletionsRequestInput, ListCompletionsRequest as _rollcall_v1_ListCompletionsRequest } from '../../rollcall/v1/ListCompletionsRequest.ts';
import type { ListCompletionsResponseInput as _rollcall_v1_ListCompletionsResponseInput, ListCompletionsResponse as _rollcall_v1_ListCompletionsResponse } from '../../rollcall/v1/ListCompletionsResponse.ts';
import type { ListEventsRequestInput as _rollcall_v1_ListEventsRequestInput, ListEventsRequest as _rollcall_v1_ListEventsRequest } from '../../rollcall/v1/ListEventsRequest.ts';
import type { ListEventsResponseInput as _rollcall_v1_ListEventsResponseInput, ListEventsResponse as _rollcall_v1_ListEventsResponse } from '../../rollcall/v1/ListEventsResponse.ts';
import type { ListReceiptsRequestInput as _rollcall_v1_ListReceiptsRequestInput, ListReceiptsRequest as _rollcall_v1_ListReceiptsRequest } from '../../rollcall/v1/ListReceiptsRequest.ts';
import type { ListReceiptsResponseInput as _rollcall_v1_ListReceiptsResponseInput, ListReceiptsResponse as _rollcall_v1_ListReceiptsResponse } from '../../rollcall/v1/ListReceiptsResponse.ts';
import type { QueryCompletionsRequestInput as _rollcall_v1_QueryCompletionsRequestInput, QueryCompletionsRequest as _rollcall_v1_QueryCompletionsRequest } from '../../rollcall/v1/QueryCompletionsRequest.ts';
import type { QueryCompletionsResponseInput as _rollcall_v1_QueryCompletionsResponseInput, QueryCompletionsResponse as _rollcall_v1_QueryCompletionsResponse } from '../../rollcall/v1/QueryCompletionsResponse.ts';
import type { StatusAggregatorListEnvironmentsRequestInput as _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, StatusAggregatorListEnvironmentsRequest as _rollcall_v1_StatusAggregatorListEnvironmentsRequest } from '../../rollcall/v1/StatusAggregatorListEnvironmentsRequest.ts';
import type { StatusAggregatorListEnvironmentsResponseInput as _rollcall_v1_StatusAggregatorListEnvironmentsResponseInput, StatusAggregatorListEnvironmentsResponse as _rollcall_v1_StatusAggregatorListEnvironmentsResponse } from '../../rollcall/v1/StatusAggregatorListEnvironmentsResponse.ts';
import type { WaitForCompletionRequestInput as _rollcall_v1_WaitForCompletionRequestInput, WaitForCompletionRequest as _rollcall_v1_WaitForCompletionRequest } from '../../rollcall/v1/WaitForCompletionRequest.ts';
import type { WaitForCompletionResponseInput as _rollcall_v1_WaitForCompletionResponseInput, WaitForCompletionResponse as _rollcall_v1_WaitForCompletionResponse } from '../../rollcall/v1/WaitForCompletionResponse.ts';
import type { WatchCompletionsRequestInput as _rollcall_v1_WatchCompletionsRequestInput, WatchCompletionsRequest as _rollcall_v1_WatchCompletionsRequest } from '../../rollcall/v1/WatchCompletionsRequest.ts';
import type { WatchCompletionsResponseInput as _rollcall_v1_WatchCompletionsResponseInput, WatchCompletionsResponse as _rollcall_v1_WatchCompletionsResponse } from '../../rollcall/v1/WatchCompletionsResponse.ts';

export interface StatusAggregatorClient extends grpc.Client {
  GetCompletion(argument: _rollcall_v1_GetCompletionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  GetCompletion(argument: _rollcall_v1_GetCompletionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  GetCompletion(argument: _rollcall_v1_GetCompletionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  GetCompletion(argument: _rollcall_v1_GetCompletionRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  getCompletion(argument: _rollcall_v1_GetCompletionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  getCompletion(argument: _rollcall_v1_GetCompletionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  getCompletion(argument: _rollcall_v1_GetCompletionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  getCompletion(argument: _rollcall_v1_GetCompletionRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetCompletionResponse>): grpc.ClientUnaryCall;
  
  GetEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  GetEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  GetEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  GetEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  getEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  getEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  getEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  getEnvironment(argument: _rollcall_v1_GetEnvironmentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetEnvironmentResponse>): grpc.ClientUnaryCall;
  
  GetReceipt(argument: _rollcall_v1_GetReceiptRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  GetReceipt(argument: _rollcall_v1_GetReceiptRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  GetReceipt(argument: _rollcall_v1_GetReceiptRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  GetReceipt(argument: _rollcall_v1_GetReceiptRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  getReceipt(argument: _rollcall_v1_GetReceiptRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  getReceipt(argument: _rollcall_v1_GetReceiptRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  getReceipt(argument: _rollcall_v1_GetReceiptRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  getReceipt(argument: _rollcall_v1_GetReceiptRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetReceiptResponse>): grpc.ClientUnaryCall;
  
  ListAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  ListAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  ListAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  ListAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  listAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  listAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  listAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  listAgentStatuses(argument: _rollcall_v1_ListAgentStatusesRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAgentStatusesResponse>): grpc.ClientUnaryCall;
  
  ListCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  ListCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  ListCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  ListCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  listCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  listCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  listCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  listCompletions(argument: _rollcall_v1_ListCompletionsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListCompletionsResponse>): grpc.ClientUnaryCall;
  
  ListEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_StatusAggregatorListEnvironmentsResponse>): grpc.ClientUnaryCall;
  
  ListEvents(argument: _rollcall_v1_ListEventsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  ListEvents(argument: _rollcall_v1_ListEventsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  ListEvents(argument: _rollcall_v1_ListEventsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  ListEvents(argument: _rollcall_v1_ListEventsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  listEvents(argument: _rollcall_v1_ListEventsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  listEvents(argument: _rollcall_v1_ListEventsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  listEvents(argument: _rollcall_v1_ListEventsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  listEvents(argument: _rollcall_v1_ListEventsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListEventsResponse>): grpc.ClientUnaryCall;
  
  ListReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  ListReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  ListReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  ListReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  listReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  listReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  listReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  listReceipts(argument: _rollcall_v1_ListReceiptsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListReceiptsResponse>): grpc.ClientUnaryCall;
  
  QueryCompletions(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsResponse>;
  QueryCompletions(options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsResponse>;
  queryCompletions(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsResponse>;
  queryCompletions(options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsResponse>;
  
  WaitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  WaitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  WaitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  WaitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  waitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  waitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  waitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  waitForCompletion(argument: _rollcall_v1_WaitForCompletionRequestInput, callback: grpc.requestCallback<_rollcall_v1_WaitForCompletionResponse>): grpc.ClientUnaryCall;
  
  WatchCompletions(argument: _rollcall_v1_WatchCompletionsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchCompletionsResponse>;
  WatchCompletions(argument: _rollcall_v1_WatchCompletionsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchCompletionsResponse>;
  watchCompletions(argument: _rollcall_v1_WatchCompletionsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchCompletionsResponse>;
  watchCompletions(argument: _rollcall_v1_WatchCompletionsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchCompletionsResponse>;
  
}

export interface StatusAggregatorHandlers extends grpc.UntypedServiceImplementation {
  GetCompletion: grpc.handleUnaryCall<_rollcall_v1_GetCompletionRequest, _rollcall_v1_GetCompletionResponseInput>;
  
  GetEnvironment: grpc.handleUnaryCall<_rollcall_v1_GetEnvironmentRequest, _rollcall_v1_GetEnvironmentResponseInput>;
  
  GetReceipt: grpc.handleUnaryCall<_rollcall_v1_GetReceiptRequest, _rollcall_v1_GetReceiptResponseInput>;
  
  ListAgentStatuses: grpc.handleUnaryCall<_rollcall_v1_ListAgentStatusesRequest, _rollcall_v1_ListAgentStatusesResponseInput>;
  
  ListCompletions: grpc.handleUnaryCall<_rollcall_v1_ListCompletionsRequest, _rollcall_v1_ListCompletionsResponseInput>;
  
  ListEnvironments: grpc.handleUnaryCall<_rollcall_v1_StatusAggregatorListEnvironmentsRequest, _rollcall_v1_StatusAggregatorListEnvironmentsResponseInput>;
  
  ListEvents: grpc.handleUnaryCall<_rollcall_v1_ListEventsRequest, _rollcall_v1_ListEventsResponseInput>;
  
  ListReceipts: grpc.handleUnaryCall<_rollcall_v1_ListReceiptsRequest, _rollcall_v1_ListReceiptsResponseInput>;
  
  QueryCompletions: grpc.handleBidiStreamingCall<_rollcall_v1_QueryCompletionsRequest, _rollcall_v1_QueryCompletionsResponseInput>;
  
  WaitForCompletion: grpc.handleUnaryCall<_rollcall_v1_WaitForCompletionRequest, _rollcall_v1_WaitForCompletionResponseInput>;
  
  WatchCompletions: grpc.handleServerStreamingCall<_rollcall_v1_WatchCompletionsRequest, _rollcall_v1_WatchCompletionsResponseInput>;
  
}

export interface StatusAggregatorDefinition extends grpc.ServiceDefinition {
  GetCompletion: MethodDefinition<_rollcall_v1_GetCompletionRequestInput, _rollcall_v1_GetCompletionResponseInput, _rollcall_v1_GetCompletionRequest, _rollcall_v1_GetCompletionResponse>
  GetEnvironment: MethodDefinition<_rollcall_v1_GetEnvironmentRequestInput, _rollcall_v1_GetEnvironmentResponseInput, _rollcall_v1_GetEnvironmentRequest, _rollcall_v1_GetEnvironmentResponse>
  GetReceipt: MethodDefinition<_rollcall_v1_GetReceiptRequestInput, _rollcall_v1_GetReceiptResponseInput, _rollcall_v1_GetReceiptRequest, _rollcall_v1_GetReceiptResponse>
  ListAgentStatuses: MethodDefinition<_rollcall_v1_ListAgentStatusesRequestInput, _rollcall_v1_ListAgentStatusesResponseInput, _rollcall_v1_ListAgentStatusesRequest, _rollcall_v1_ListAgentStatusesResponse>
  ListCompletions: MethodDefinition<_rollcall_v1_ListCompletionsRequestInput, _rollcall_v1_ListCompletionsResponseInput, _rollcall_v1_ListCompletionsRequest, _rollcall_v1_ListCompletionsResponse>
  ListEnvironments: MethodDefinition<_rollcall_v1_StatusAggregatorListEnvironmentsRequestInput, _rollcall_v1_StatusAggregatorListEnvironmentsResponseInput, _rollcall_v1_StatusAggregatorListEnvironmentsRequest, _rollcall_v1_StatusAggregatorListEnvironmentsResponse>
  ListEvents: MethodDefinition<_rollcall_v1_ListEventsRequestInput, _rollcall_v1_ListEventsResponseInput, _rollcall_v1_ListEventsRequest, _rollcall_v1_ListEventsResponse>
  ListReceipts: MethodDefinition<_rollcall_v1_ListReceiptsRequestInput, _rollcall_v1_ListReceiptsResponseInput, _rollcall_v1_ListReceiptsRequest, _rollcall_v1_ListReceiptsResponse>
  QueryCompletions: MethodDefinition<_rollcall_v1_QueryCompletionsRequestInput, _rollcall_v1_QueryCompletionsResponseInput, _rollcall_v1_QueryCompletionsRequest, _rollcall_v1_QueryCompletionsResponse>
  WaitForCompletion: MethodDefinition<_rollcall_v1_WaitForCompletionRequestInput, _rollcall_v1_WaitForCompletionResponseInput, _rollcall_v1_WaitForCompletionRequest, _rollcall_v1_WaitForCompletionResponse>
  WatchCompletions: MethodDefinition<_rollcall_v1_WatchCompletionsRequestInput, _rollcall_v1_WatchCompletionsResponseInput, _rollcall_v1_WatchCompletionsRequest, _rollcall_v1_WatchCompletionsResponse>
}

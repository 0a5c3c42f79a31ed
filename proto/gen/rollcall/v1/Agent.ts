// Original file: proto/rollcall/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetAgentRequestInput as _rollcall_v1_GetAgentRequestInput, GetAgentRequest as _rollcall_v1_GetAgentRequest } from '../../rollcall/v1/GetAgentRequest.ts';
import type { GetAgentResponseInput as _rollcall_v1_GetAgentResponseInput, GetAgentResponse as _rollcall_v1_GetAgentResponse } from '../../rollcall/v1/GetAgentResponse.ts';
import type { GetAppliedConfigRequestInput as _rollcall_v1_GetAppliedConfigRequestInput, GetAppliedConfigRequest as _rollcall_v1_GetAppliedConfigRequest } from '../../rollcall/v1/GetAppliedConfigRequest.ts';
import type { GetAppliedConfigResponseInput as _rollcall_v1_GetAppliedConfigResponseInput, GetAppliedConfigResponse as _rollcall_v1_GetAppliedConfigResponse } from '../../rollcall/v1/GetAppliedConfigResponse.ts';
import type { ListAppliedConfigsRequestInput as _rollcall_v1_ListAppliedConfigsRequestInput, ListAppliedConfigsRequest as _rollcall_v1_ListAppliedConfigsRequest } from '../../rollcall/v1/ListAppliedConfigsRequest.ts';
import type { ListAppliedConfigsResponseInput as _rollcall_v1_ListAppliedConfigsResponseInput, ListAppliedConfigsResponse as _rollcall_v1_ListAppliedConfigsResponse } from '../../rollcall/v1/ListAppliedConfigsResponse.ts';
import type { RelistRequestInput as _rollcall_v1_RelistRequestInput, RelistRequest as _rollcall_v1_RelistRequest } from '../../rollcall/v1/RelistRequest.ts';
import type { RelistResponseInput as _rollcall_v1_RelistResponseInput, RelistResponse as _rollcall_v1_RelistResponse } from '../../rollcall/v1/RelistResponse.ts';
import type { ValidateRequestInput as _rollcall_v1_ValidateRequestInput, ValidateRequest as _rollcall_v1_ValidateRequest } from '../../rollcall/v1/ValidateRequest.ts';
import type { ValidateResponseInput as _rollcall_v1_ValidateResponseInput, ValidateResponse as _rollcall_v1_ValidateResponse } from '../../rollcall/v1/ValidateResponse.ts';
import type { WatchEventsRequestInput as _rollcall_v1_WatchEventsRequestInput, WatchEventsRequest as _rollcall_v1_WatchEventsRequest } from '../../rollcall/v1/WatchEventsRequest.ts';
import type { WatchEventsResponseInput as _rollcall_v1_WatchEventsResponseInput, WatchEventsResponse as _rollcall_v1_WatchEventsResponse } from '../../rollcall/v1/WatchEventsResponse.ts';

export interface AgentClient extends grpc.Client {
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  
  GetAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  GetAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  GetAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  GetAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  getAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  getAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  getAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  getAppliedConfig(argument: _rollcall_v1_GetAppliedConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAppliedConfigResponse>): grpc.ClientUnaryCall;
  
  ListAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  ListAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  ListAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  ListAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  listAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  listAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  listAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  listAppliedConfigs(argument: _rollcall_v1_ListAppliedConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAppliedConfigsResponse>): grpc.ClientUnaryCall;
  
  Relist(argument: _rollcall_v1_RelistRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  Relist(argument: _rollcall_v1_RelistRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  Relist(argument: _rollcall_v1_RelistRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  Relist(argument: _rollcall_v1_RelistRequestInput, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  relist(argument: _rollcall_v1_RelistRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  relist(argument: _rollcall_v1_RelistRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  relist(argument: _rollcall_v1_RelistRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  relist(argument: _rollcall_v1_RelistRequestInput, callback: grpc.requestCallback<_rollcall_v1_RelistResponse>): grpc.ClientUnaryCall;
  
  Validate(argument: _rollcall_v1_ValidateRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  Validate(argument: _rollcall_v1_ValidateRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  Validate(argument: _rollcall_v1_ValidateRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  Validate(argument: _rollcall_v1_ValidateRequestInput, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  validate(argument: _rollcall_v1_ValidateRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  validate(argument: _rollcall_v1_ValidateRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  validate(argument: _rollcall_v1_ValidateRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  validate(argument: _rollcall_v1_ValidateRequestInput, callback: grpc.requestCallback<_rollcall_v1_ValidateResponse>): grpc.ClientUnaryCall;
  
  WatchEvents(argument: _rollcall_v1_WatchEventsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchEventsResponse>;
  WatchEvents(argument: _rollcall_v1_WatchEventsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchEventsResponse>;
  watchEvents(argument: _rollcall_v1_WatchEventsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchEventsResponse>;
  watchEvents(argument: _rollcall_v1_WatchEventsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchEventsResponse>;
  
}

export interface AgentHandlers extends grpc.UntypedServiceImplementation {
  GetAgent: grpc.handleUnaryCall<_rollcall_v1_GetAgentRequest, _rollcall_v1_GetAgentResponseInput>;
  
  GetAppliedConfig: grpc.handleUnaryCall<_rollcall_v1_GetAppliedConfigRequest, _rollcall_v1_GetAppliedConfigResponseInput>;
  
  ListAppliedConfigs: grpc.handleUnaryCall<_rollcall_v1_ListAppliedConfigsRequest, _rollcall_v1_ListAppliedConfigsResponseInput>;
  
  Relist: grpc.handleUnaryCall<_rollcall_v1_RelistRequest, _rollcall_v1_RelistResponseInput>;
  
  Validate: grpc.handleUnaryCall<_rollcall_v1_ValidateRequest, _rollcall_v1_ValidateResponseInput>;
  
  WatchEvents: grpc.handleServerStreamingCall<_rollcall_v1_WatchEventsRequest, _rollcall_v1_WatchEventsResponseInput>;
  
}

export interface AgentDefinition extends grpc.ServiceDefinition {
  GetAgent: MethodDefinition<_rollcall_v1_GetAgentRequestInput, _rollcall_v1_GetAgentResponseInput, _rollcall_v1_GetAgentRequest, _rollcall_v1_GetAgentResponse>
  GetAppliedConfig: MethodDefinition<_rollcall_v1_GetAppliedConfigRequestInput, _rollcall_v1_GetAppliedConfigResponseInput, _rollcall_v1_GetAppliedConfigRequest, _rollcall_v1_GetAppliedConfigResponse>
  ListAppliedConfigs: MethodDefinition<_rollcall_v1_ListAppliedConfigsRequestInput, _rollcall_v1_ListAppliedConfigsResponseInput, _rollcall_v1_ListAppliedConfigsRequest, _rollcall_v1_ListAppliedConfigsResponse>
  Relist: MethodDefinition<_rollcall_v1_RelistRequestInput, _rollcall_v1_RelistResponseInput, _rollcall_v1_RelistRequest, _rollcall_v1_RelistResponse>
  Validate: MethodDefinition<_rollcall_v1_ValidateRequestInput, _rollcall_v1_ValidateResponseInput, _rollcall_v1_ValidateRequest, _rollcall_v1_ValidateResponse>
  WatchEvents: MethodDefinition<_rollcall_v1_WatchEventsRequestInput, _rollcall_v1_WatchEventsResponseInput, _rollcall_v1_WatchEventsRequest, _rollcall_v1_WatchEventsResponse>
}

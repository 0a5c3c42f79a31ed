// Original file: proto/rollcall/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetAgentRequestInput as _rollcall_v1_GetAgentRequestInput, GetAgentRequest as _rollcall_v1_GetAgentRequest } from '../../rollcall/v1/GetAgentRequest.ts';
import type { GetAgentResponseInput as _rollcall_v1_GetAgentResponseInput, GetAgentResponse as _rollcall_v1_GetAgentResponse } from '../../rollcall/v1/GetAgentResponse.ts';
import type { ListAppliedConfigsRequestInput as _rollcall_v1_ListAppliedConfigsRequestInput, ListAppliedConfigsRequest as _rollcall_v1_ListAppliedConfigsRequest } from '../../rollcall/v1/ListAppliedConfigsRequest.ts';
import type { ListAppliedConfigsResponseInput as _rollcall_v1_ListAppliedConfigsResponseInput, ListAppliedConfigsResponse as _rollcall_v1_ListAppliedConfigsResponse } from '../../rollcall/v1/ListAppliedConfigsResponse.ts';
import type { RelistRequestInput as _rollcall_v1_RelistRequestInput, RelistRequest as _rollcall_v1_RelistRequest } from '../../rollcall/v1/RelistRequest.ts';
import type { RelistResponseInput as _rollcall_v1_RelistResponseInput, RelistResponse as _rollcall_v1_RelistResponse } from '../../rollcall/v1/RelistResponse.ts';

export interface AgentClient extends grpc.Client {
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  GetAgent(argument: _rollcall_v1_GetAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  getAgent(argument: _rollcall_v1_GetAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetAgentResponse>): grpc.ClientUnaryCall;
  
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
  
}

export interface AgentHandlers extends grpc.UntypedServiceImplementation {
  GetAgent: grpc.handleUnaryCall<_rollcall_v1_GetAgentRequest, _rollcall_v1_GetAgentResponseInput>;
  
  ListAppliedConfigs: grpc.handleUnaryCall<_rollcall_v1_ListAppliedConfigsRequest, _rollcall_v1_ListAppliedConfigsResponseInput>;
  
  Relist: grpc.handleUnaryCall<_rollcall_v1_RelistRequest, _rollcall_v1_RelistResponseInput>;
  
}

export interface AgentDefinition extends grpc.ServiceDefinition {
  GetAgent: MethodDefinition<_rollcall_v1_GetAgentRequestInput, _rollcall_v1_GetAgentResponseInput, _rollcall_v1_GetAgentRequest, _rollcall_v1_GetAgentResponse>
  ListAppliedConfigs: MethodDefinition<_rollcall_v1_ListAppliedConfigsRequestInput, _rollcall_v1_ListAppliedConfigsResponseInput, _rollcall_v1_ListAppliedConfigsRequest, _rollcall_v1_ListAppliedConfigsResponse>
  Relist: MethodDefinition<_rollcall_v1_RelistRequestInput, _rollcall_v1_RelistResponseInput, _rollcall_v1_RelistRequest, _rollcall_v1_RelistResponse>
}

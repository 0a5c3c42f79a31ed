// Original file: proto/rollcall/v1/controller.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DecommissionAgentRequestInput as _rollcall_v1_DecommissionAgentRequestInput, DecommissionAgentRequest as _rollcall_v1_DecommissionAgentRequest } from '../../rollcall/v1/DecommissionAgentRequest.ts';
import type { DecommissionAgentResponseInput as _rollcall_v1_DecommissionAgentResponseInput, DecommissionAgentResponse as _rollcall_v1_DecommissionAgentResponse } from '../../rollcall/v1/DecommissionAgentResponse.ts';
import type { DeleteIngressConfigRequestInput as _rollcall_v1_DeleteIngressConfigRequestInput, DeleteIngressConfigRequest as _rollcall_v1_DeleteIngressConfigRequest } from '../../rollcall/v1/DeleteIngressConfigRequest.ts';
import type { DeleteIngressConfigResponseInput as _rollcall_v1_DeleteIngressConfigResponseInput, DeleteIngressConfigResponse as _rollcall_v1_DeleteIngressConfigResponse } from '../../rollcall/v1/DeleteIngressConfigResponse.ts';
import type { GetIngressConfigRequestInput as _rollcall_v1_GetIngressConfigRequestInput, GetIngressConfigRequest as _rollcall_v1_GetIngressConfigRequest } from '../../rollcall/v1/GetIngressConfigRequest.ts';
import type { GetIngressConfigResponseInput as _rollcall_v1_GetIngressConfigResponseInput, GetIngressConfigResponse as _rollcall_v1_GetIngressConfigResponse } from '../../rollcall/v1/GetIngressConfigResponse.ts';
import type { ListAgentsRequestInput as _rollcall_v1_ListAgentsRequestInput, ListAgentsRequest as _rollcall_v1_ListAgentsRequest } from '../../rollcall/v1/ListAgentsRequest.ts';
import type { ListAgentsResponseInput as _rollcall_v1_ListAgentsResponseInput, ListAgentsResponse as _rollcall_v1_ListAgentsResponse } from '../../rollcall/v1/ListAgentsResponse.ts';
import type { ListControllersRequestInput as _rollcall_v1_ListControllersRequestInput, ListControllersRequest as _rollcall_v1_ListControllersRequest } from '../../rollcall/v1/ListControllersRequest.ts';
import type { ListControllersResponseInput as _rollcall_v1_ListControllersResponseInput, ListControllersResponse as _rollcall_v1_ListControllersResponse } from '../../rollcall/v1/ListControllersResponse.ts';
import type { ListEnvironmentsRequestInput as _rollcall_v1_ListEnvironmentsRequestInput, ListEnvironmentsRequest as _rollcall_v1_ListEnvironmentsRequest } from '../../rollcall/v1/ListEnvironmentsRequest.ts';
import type { ListEnvironmentsResponseInput as _rollcall_v1_ListEnvironmentsResponseInput, ListEnvironmentsResponse as _rollcall_v1_ListEnvironmentsResponse } from '../../rollcall/v1/ListEnvironmentsResponse.ts';
import type { ListIngressConfigsRequestInput as _rollcall_v1_ListIngressConfigsRequestInput, ListIngressConfigsRequest as _rollcall_v1_ListIngressConfigsRequest } from '../../rollcall/v1/ListIngressConfigsRequest.ts';
import type { ListIngressConfigsResponseInput as _rollcall_v1_ListIngressConfigsResponseInput, ListIngressConfigsResponse as _rollcall_v1_ListIngressConfigsResponse } from '../../rollcall/v1/ListIngressConfigsResponse.ts';
import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from '../../rollcall/v1/SetIngressConfigRequest.ts';
import type { SetIngressConfigResponseInput as _rollcall_v1_SetIngressConfigResponseInput, SetIngressConfigResponse as _rollcall_v1_SetIngressConfigResponse } from '../../rollcall/v1/SetIngressConfigResponse.ts';
import type { UpdateEnvironmentRequestInput as _rollcall_v1_UpdateEnvironmentRequestInput, UpdateEnvironmentRequest as _rollcall_v1_UpdateEnvironmentRequest } from '../../rollcall/v1/UpdateEnvironmentRequest.ts';
import type { UpdateEnvironmentResponseInput as _rollcall_v1_UpdateEnvironmentResponseInput, UpdateEnvironmentResponse as _rollcall_v1_UpdateEnvironmentResponse } from '../../rollcall/v1/UpdateEnvironmentResponse.ts';
import type { WatchAgentsRequestInput as _rollcall_v1_WatchAgentsRequestInput, WatchAgentsRequest as _rollcall_v1_WatchAgentsRequest } from '../../rollcall/v1/WatchAgentsRequest.ts';
import type { WatchAgentsResponseInput as _rollcall_v1_WatchAgentsResponseInput, WatchAgentsResponse as _rollcall_v1_WatchAgentsResponse } from '../../rollcall/v1/WatchAgentsResponse.ts';

export interface ControllerClient extends grpc.Client {
  DecommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  DecommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  DecommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  DecommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  decommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  decommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  decommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  decommissionAgent(argument: _rollcall_v1_DecommissionAgentRequestInput, callback: grpc.requestCallback<_rollcall_v1_DecommissionAgentResponse>): grpc.ClientUnaryCall;
  
  DeleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  DeleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  DeleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  DeleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  deleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  deleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  deleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  deleteIngressConfig(argument: _rollcall_v1_DeleteIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_DeleteIngressConfigResponse>): grpc.ClientUnaryCall;
  
  GetIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  GetIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  GetIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  GetIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  getIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  getIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  getIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  getIngressConfig(argument: _rollcall_v1_GetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetIngressConfigResponse>): grpc.ClientUnaryCall;
  
  ListAgents(argument: _rollcall_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _rollcall_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _rollcall_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _rollcall_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _rollcall_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _rollcall_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _rollcall_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _rollcall_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  
  ListControllers(argument: _rollcall_v1_ListControllersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  ListControllers(argument: _rollcall_v1_ListControllersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  ListControllers(argument: _rollcall_v1_ListControllersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  ListControllers(argument: _rollcall_v1_ListControllersRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  listControllers(argument: _rollcall_v1_ListControllersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  listControllers(argument: _rollcall_v1_ListControllersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  listControllers(argument: _rollcall_v1_ListControllersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  listControllers(argument: _rollcall_v1_ListControllersRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListControllersResponse>): grpc.ClientUnaryCall;
  
  ListEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  ListEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  listEnvironments(argument: _rollcall_v1_ListEnvironmentsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListEnvironmentsResponse>): grpc.ClientUnaryCall;
  
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  
  UpdateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  UpdateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  UpdateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  UpdateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  updateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  updateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  updateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  updateEnvironment(argument: _rollcall_v1_UpdateEnvironmentRequestInput, callback: grpc.requestCallback<_rollcall_v1_UpdateEnvironmentResponse>): grpc.ClientUnaryCall;
  
  WatchAgents(argument: _rollcall_v1_WatchAgentsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchAgentsResponse>;
  WatchAgents(argument: _rollcall_v1_WatchAgentsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchAgentsResponse>;
  watchAgents(argument: _rollcall_v1_WatchAgentsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchAgentsResponse>;
  watchAgents(argument: _rollcall_v1_WatchAgentsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchAgentsResponse>;
  
}

export interface ControllerHandlers extends grpc.UntypedServiceImplementation {
  DecommissionAgent: grpc.handleUnaryCall<_rollcall_v1_DecommissionAgentRequest, _rollcall_v1_DecommissionAgentResponseInput>;
  
  DeleteIngressConfig: grpc.handleUnaryCall<_rollcall_v1_DeleteIngressConfigRequest, _rollcall_v1_DeleteIngressConfigResponseInput>;
  
  GetIngressConfig: grpc.handleUnaryCall<_rollcall_v1_GetIngressConfigRequest, _rollcall_v1_GetIngressConfigResponseInput>;
  
  ListAgents: grpc.handleUnaryCall<_rollcall_v1_ListAgentsRequest, _rollcall_v1_ListAgentsResponseInput>;
  
  ListControllers: grpc.handleUnaryCall<_rollcall_v1_ListControllersRequest, _rollcall_v1_ListControllersResponseInput>;
  
  ListEnvironments: grpc.handleUnaryCall<_rollcall_v1_ListEnvironmentsRequest, _rollcall_v1_ListEnvironmentsResponseInput>;
  
  ListIngressConfigs: grpc.handleUnaryCall<_rollcall_v1_ListIngressConfigsRequest, _rollcall_v1_ListIngressConfigsResponseInput>;
  
  SetIngressConfig: grpc.handleUnaryCall<_rollcall_v1_SetIngressConfigRequest, _rollcall_v1_SetIngressConfigResponseInput>;
  
  UpdateEnvironment: grpc.handleUnaryCall<_rollcall_v1_UpdateEnvironmentRequest, _rollcall_v1_UpdateEnvironmentResponseInput>;
  
  WatchAgents: grpc.handleServerStreamingCall<_rollcall_v1_WatchAgentsRequest, _rollcall_v1_WatchAgentsResponseInput>;
  
}

export interface ControllerDefinition extends grpc.ServiceDefinition {
  DecommissionAgent: MethodDefinition<_rollcall_v1_DecommissionAgentRequestInput, _rollcall_v1_DecommissionAgentResponseInput, _rollcall_v1_DecommissionAgentRequest, _rollcall_v1_DecommissionAgentResponse>
  DeleteIngressConfig: MethodDefinition<_rollcall_v1_DeleteIngressConfigRequestInput, _rollcall_v1_DeleteIngressConfigResponseInput, _rollcall_v1_DeleteIngressConfigRequest, _rollcall_v1_DeleteIngressConfigResponse>
  GetIngressConfig: MethodDefinition<_rollcall_v1_GetIngressConfigRequestInput, _rollcall_v1_GetIngressConfigResponseInput, _rollcall_v1_GetIngressConfigRequest, _rollcall_v1_GetIngressConfigResponse>
  ListAgents: MethodDefinition<_rollcall_v1_ListAgentsRequestInput, _rollcall_v1_ListAgentsResponseInput, _rollcall_v1_ListAgentsRequest, _rollcall_v1_ListAgentsResponse>
  ListControllers: MethodDefinition<_rollcall_v1_ListControllersRequestInput, _rollcall_v1_ListControllersResponseInput, _rollcall_v1_ListControllersRequest, _rollcall_v1_ListControllersResponse>
  ListEnvironments: MethodDefinition<_rollcall_v1_ListEnvironmentsRequestInput, _rollcall_v1_ListEnvironmentsResponseInput, _rollcall_v1_ListEnvironmentsRequest, _rollcall_v1_ListEnvironmentsResponse>
  ListIngressConfigs: MethodDefinition<_rollcall_v1_ListIngressConfigsRequestInput, _rollcall_v1_ListIngressConfigsResponseInput, _rollcall_v1_ListIngressConfigsRequest, _rollcall_v1_ListIngressConfigsResponse>
  SetIngressConfig: MethodDefinition<_rollcall_v1_SetIngressConfigRequestInput, _rollcall_v1_SetIngressConfigResponseInput, _rollcall_v1_SetIngressConfigRequest, _rollcall_v1_SetIngressConfigResponse>
  UpdateEnvironment: MethodDefinition<_rollcall_v1_UpdateEnvironmentRequestInput, _rollcall_v1_UpdateEnvironmentResponseInput, _rollcall_v1_UpdateEnvironmentRequest, _rollcall_v1_UpdateEnvironmentResponse>
  WatchAgents: MethodDefinition<_rollcall_v1_WatchAgentsRequestInput, _rollcall_v1_WatchAgentsResponseInput, _rollcall_v1_WatchAgentsRequest, _rollcall_v1_WatchAgentsResponse>
}

// Original file: proto/rollcall/v1/controller.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BatchSetIngressConfigsRequestInput as _rollcall_v1_BatchSetIngressConfigsRequestInput, BatchSetIngressConfigsRequest as _rollcall_v1_BatchSetIngressConfigsRequest } from '../../rollcall/v1/BatchSetIngressConfigsRequest.ts';
import type { BatchSetIngressConfigsResponseInput as _rollcall_v1_BatchSetIngressConfigsResponseInput, BatchSetIngressConfigsResponse as _rollcall_v1_BatchSetIngressConfigsResponse } from '../../rollcall/v1/BatchSetIngressConfigsResponse.ts';
import type { ConfirmRowLossRequestInput as _rollcall_v1_ConfirmRowLossRequestInput, ConfirmRowLossRequest as _rollcall_v1_ConfirmRowLossRequest } from '../../rollcall/v1/ConfirmRowLossRequest.ts';
import type { ConfirmRowLossResponseInput as _rollcall_v1_ConfirmRowLossResponseInput, ConfirmRowLossResponse as _rollcall_v1_ConfirmRowLossResponse } from '../../rollcall/v1/ConfirmRowLossResponse.ts';
import type { DecommissionAgentRequestInput as _rollcall_v1_DecommissionAgentRequestInput, DecommissionAgentRequest as _rollcall_v1_DecommissionAgentRequest } from '../../rollcall/v1/DecommissionAgentRequest.ts';
import type { DecommissionAgentResponseInput as _rollcall_v1_DecommissionAgentResponseInput, DecommissionAgentResponse as _rollcall_v1_DecommissionAgentResponse } from '../../rollcall/v1/DecommissionAgentResponse.ts';
import type { DeleteIngressConfigRequestInput as _rollcall_v1_DeleteIngressConfigRequestInput, DeleteIngressConfigRequest as _rollcall_v1_DeleteIngressConfigRequest } from '../../rollcall/v1/DeleteIngressConfigRequest.ts';
import type { DeleteIngressConfigResponseInput as _rollcall_v1_DeleteIngressConfigResponseInput, DeleteIngressConfigResponse as _rollcall_v1_DeleteIngressConfigResponse } from '../../rollcall/v1/DeleteIngressConfigResponse.ts';
import type { DiffGenerationsRequestInput as _rollcall_v1_DiffGenerationsRequestInput, DiffGenerationsRequest as _rollcall_v1_DiffGenerationsRequest } from '../../rollcall/v1/DiffGenerationsRequest.ts';
import type { DiffGenerationsResponseInput as _rollcall_v1_DiffGenerationsResponseInput, DiffGenerationsResponse as _rollcall_v1_DiffGenerationsResponse } from '../../rollcall/v1/DiffGenerationsResponse.ts';
import type { GetControlPlaneRequestInput as _rollcall_v1_GetControlPlaneRequestInput, GetControlPlaneRequest as _rollcall_v1_GetControlPlaneRequest } from '../../rollcall/v1/GetControlPlaneRequest.ts';
import type { GetControlPlaneResponseInput as _rollcall_v1_GetControlPlaneResponseInput, GetControlPlaneResponse as _rollcall_v1_GetControlPlaneResponse } from '../../rollcall/v1/GetControlPlaneResponse.ts';
import type { GetGenerationRequestInput as _rollcall_v1_GetGenerationRequestInput, GetGenerationRequest as _rollcall_v1_GetGenerationRequest } from '../../rollcall/v1/GetGenerationRequest.ts';
import type { GetGenerationResponseInput as _rollcall_v1_GetGenerationResponseInput, GetGenerationResponse as _rollcall_v1_GetGenerationResponse } from '../../rollcall/v1/GetGenerationResponse.ts';
import type { GetIngressConfigRequestInput as _rollcall_v1_GetIngressConfigRequestInput, GetIngressConfigRequest as _rollcall_v1_GetIngressConfigRequest } from '../../rollcall/v1/GetIngressConfigRequest.ts';
import type { GetIngressConfigResponseInput as _rollcall_v1_GetIngressConfigResponseInput, GetIngressConfigResponse as _rollcall_v1_GetIngressConfigResponse } from '../../rollcall/v1/GetIngressConfigResponse.ts';
import type { ListAgentsRequestInput as _rollcall_v1_ListAgentsRequestInput, ListAgentsRequest as _rollcall_v1_ListAgentsRequest } from '../../rollcall/v1/ListAgentsRequest.ts';
import type { ListAgentsResponseInput as _rollcall_v1_ListAgentsResponseInput, ListAgentsResponse as _rollcall_v1_ListAgentsResponse } from '../../rollcall/v1/ListAgentsResponse.ts';
import type { ListControllersRequestInput as _rollcall_v1_ListControllersRequestInput, ListControllersRequest as _rollcall_v1_ListControllersRequest } from '../../rollcall/v1/ListControllersRequest.ts';
import type { ListControllersResponseInput as _rollcall_v1_ListControllersResponseInput, ListControllersResponse as _rollcall_v1_ListControllersResponse } from '../../rollcall/v1/ListControllersResponse.ts';
import type { ListEnvironmentsRequestInput as _rollcall_v1_ListEnvironmentsRequestInput, ListEnvironmentsRequest as _rollcall_v1_ListEnvironmentsRequest } from '../../rollcall/v1/ListEnvironmentsRequest.ts';
import type { ListEnvironmentsResponseInput as _rollcall_v1_ListEnvironmentsResponseInput, ListEnvironmentsResponse as _rollcall_v1_ListEnvironmentsResponse } from '../../rollcall/v1/ListEnvironmentsResponse.ts';
import type { ListGenerationsRequestInput as _rollcall_v1_ListGenerationsRequestInput, ListGenerationsRequest as _rollcall_v1_ListGenerationsRequest } from '../../rollcall/v1/ListGenerationsRequest.ts';
import type { ListGenerationsResponseInput as _rollcall_v1_ListGenerationsResponseInput, ListGenerationsResponse as _rollcall_v1_ListGenerationsResponse } from '../../rollcall/v1/ListGenerationsResponse.ts';
import type { ListIngressConfigsRequestInput as _rollcall_v1_ListIngressConfigsRequestInput, ListIngressConfigsRequest as _rollcall_v1_ListIngressConfigsRequest } from '../../rollcall/v1/ListIngressConfigsRequest.ts';
import type { ListIngressConfigsResponseInput as _rollcall_v1_ListIngressConfigsResponseInput, ListIngressConfigsResponse as _rollcall_v1_ListIngressConfigsResponse } from '../../rollcall/v1/ListIngressConfigsResponse.ts';
import type { RebaseGenerationsRequestInput as _rollcall_v1_RebaseGenerationsRequestInput, RebaseGenerationsRequest as _rollcall_v1_RebaseGenerationsRequest } from '../../rollcall/v1/RebaseGenerationsRequest.ts';
import type { RebaseGenerationsResponseInput as _rollcall_v1_RebaseGenerationsResponseInput, RebaseGenerationsResponse as _rollcall_v1_RebaseGenerationsResponse } from '../../rollcall/v1/RebaseGenerationsResponse.ts';
import type { ResumeRemovalsRequestInput as _rollcall_v1_ResumeRemovalsRequestInput, ResumeRemovalsRequest as _rollcall_v1_ResumeRemovalsRequest } from '../../rollcall/v1/ResumeRemovalsRequest.ts';
import type { ResumeRemovalsResponseInput as _rollcall_v1_ResumeRemovalsResponseInput, ResumeRemovalsResponse as _rollcall_v1_ResumeRemovalsResponse } from '../../rollcall/v1/ResumeRemovalsResponse.ts';
import type { RollbackIngressConfigRequestInput as _rollcall_v1_RollbackIngressConfigRequestInput, RollbackIngressConfigRequest as _rollcall_v1_RollbackIngressConfigRequest } from '../../rollcall/v1/RollbackIngressConfigRequest.ts';
import type { RollbackIngressConfigResponseInput as _rollcall_v1_RollbackIngressConfigResponseInput, RollbackIngressConfigResponse as _rollcall_v1_RollbackIngressConfigResponse } from '../../rollcall/v1/RollbackIngressConfigResponse.ts';
import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from '../../rollcall/v1/SetIngressConfigRequest.ts';
import type { SetIngressConfigResponseInput as _rollcall_v1_SetIngressConfigResponseInput, SetIngressConfigResponse as _rollcall_v1_SetIngressConfigResponse } from '../../rollcall/v1/SetIngressConfigResponse.ts';
import type { StreamSetIngressConfigsRequestInput as _rollcall_v1_StreamSetIngressConfigsRequestInput, StreamSetIngressConfigsRequest as _rollcall_v1_StreamSetIngressConfigsRequest } from '../../rollcall/v1/StreamSetIngressConfigsRequest.ts';
import type { StreamSetIngressConfigsResponseInput as _rollcall_v1_StreamSetIngressConfigsResponseInput, StreamSetIngressConfigsResponse as _rollcall_v1_StreamSetIngressConfigsResponse } from '../../rollcall/v1/StreamSetIngressConfigsResponse.ts';
import type { UpdateEnvironmentRequestInput as _rollcall_v1_UpdateEnvironmentRequestInput, UpdateEnvironmentRequest as _rollcall_v1_UpdateEnvironmentRequest } from '../../rollcall/v1/UpdateEnvironmentRequest.ts';
import type { UpdateEnvironmentResponseInput as _rollcall_v1_UpdateEnvironmentResponseInput, UpdateEnvironmentResponse as _rollcall_v1_UpdateEnvironmentResponse } from '../../rollcall/v1/UpdateEnvironmentResponse.ts';
import type { WatchAgentsRequestInput as _rollcall_v1_WatchAgentsRequestInput, WatchAgentsRequest as _rollcall_v1_WatchAgentsRequest } from '../../rollcall/v1/WatchAgentsRequest.ts';
import type { WatchAgentsResponseInput as _rollcall_v1_WatchAgentsResponseInput, WatchAgentsResponse as _rollcall_v1_WatchAgentsResponse } from '../../rollcall/v1/WatchAgentsResponse.ts';
import type { WatchIngressConfigsRequestInput as _rollcall_v1_WatchIngressConfigsRequestInput, WatchIngressConfigsRequest as _rollcall_v1_WatchIngressConfigsRequest } from '../../rollcall/v1/WatchIngressConfigsRequest.ts';
import type { WatchIngressConfigsResponseInput as _rollcall_v1_WatchIngressConfigsResponseInput, WatchIngressConfigsResponse as _rollcall_v1_WatchIngressConfigsResponse } from '../../rollcall/v1/WatchIngressConfigsResponse.ts';

export interface ControllerClient extends grpc.Client {
  BatchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  BatchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  BatchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  BatchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  batchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  batchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  batchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  batchSetIngressConfigs(argument: _rollcall_v1_BatchSetIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_BatchSetIngressConfigsResponse>): grpc.ClientUnaryCall;
  
  ConfirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  ConfirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  ConfirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  ConfirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  confirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  confirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  confirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  confirmRowLoss(argument: _rollcall_v1_ConfirmRowLossRequestInput, callback: grpc.requestCallback<_rollcall_v1_ConfirmRowLossResponse>): grpc.ClientUnaryCall;
  
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
  
  DiffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  DiffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  DiffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  DiffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  diffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  diffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  diffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  diffGenerations(argument: _rollcall_v1_DiffGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_DiffGenerationsResponse>): grpc.ClientUnaryCall;
  
  GetControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  GetControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  GetControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  GetControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  getControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  getControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  getControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  getControlPlane(argument: _rollcall_v1_GetControlPlaneRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetControlPlaneResponse>): grpc.ClientUnaryCall;
  
  GetGeneration(argument: _rollcall_v1_GetGenerationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _rollcall_v1_GetGenerationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _rollcall_v1_GetGenerationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _rollcall_v1_GetGenerationRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _rollcall_v1_GetGenerationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _rollcall_v1_GetGenerationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _rollcall_v1_GetGenerationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _rollcall_v1_GetGenerationRequestInput, callback: grpc.requestCallback<_rollcall_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  
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
  
  ListGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _rollcall_v1_ListGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  ListIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  listIngressConfigs(argument: _rollcall_v1_ListIngressConfigsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ListIngressConfigsResponse>): grpc.ClientUnaryCall;
  
  RebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  RebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  RebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  RebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  rebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  rebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  rebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  rebaseGenerations(argument: _rollcall_v1_RebaseGenerationsRequestInput, callback: grpc.requestCallback<_rollcall_v1_RebaseGenerationsResponse>): grpc.ClientUnaryCall;
  
  ResumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  ResumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  ResumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  ResumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  resumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  resumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  resumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  resumeRemovals(argument: _rollcall_v1_ResumeRemovalsRequestInput, callback: grpc.requestCallback<_rollcall_v1_ResumeRemovalsResponse>): grpc.ClientUnaryCall;
  
  RollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  RollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  RollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  RollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  rollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  rollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  rollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  rollbackIngressConfig(argument: _rollcall_v1_RollbackIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_RollbackIngressConfigResponse>): grpc.ClientUnaryCall;
  
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  SetIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  setIngressConfig(argument: _rollcall_v1_SetIngressConfigRequestInput, callback: grpc.requestCallback<_rollcall_v1_SetIngressConfigResponse>): grpc.ClientUnaryCall;
  
  StreamSetIngressConfigs(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsResponse>;
  StreamSetIngressConfigs(options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsResponse>;
  streamSetIngressConfigs(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsResponse>;
  streamSetIngressConfigs(options?: grpc.CallOptions): grpc.ClientDuplexStream<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsResponse>;
  
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
  
  WatchIngressConfigs(argument: _rollcall_v1_WatchIngressConfigsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchIngressConfigsResponse>;
  WatchIngressConfigs(argument: _rollcall_v1_WatchIngressConfigsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchIngressConfigsResponse>;
  watchIngressConfigs(argument: _rollcall_v1_WatchIngressConfigsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchIngressConfigsResponse>;
  watchIngressConfigs(argument: _rollcall_v1_WatchIngressConfigsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_rollcall_v1_WatchIngressConfigsResponse>;
  
}

export interface ControllerHandlers extends grpc.UntypedServiceImplementation {
  BatchSetIngressConfigs: grpc.handleUnaryCall<_rollcall_v1_BatchSetIngressConfigsRequest, _rollcall_v1_BatchSetIngressConfigsResponseInput>;
  
  ConfirmRowLoss: grpc.handleUnaryCall<_rollcall_v1_ConfirmRowLossRequest, _rollcall_v1_ConfirmRowLossResponseInput>;
  
  DecommissionAgent: grpc.handleUnaryCall<_rollcall_v1_DecommissionAgentRequest, _rollcall_v1_DecommissionAgentResponseInput>;
  
  DeleteIngressConfig: grpc.handleUnaryCall<_rollcall_v1_DeleteIngressConfigRequest, _rollcall_v1_DeleteIngressConfigResponseInput>;
  
  DiffGenerations: grpc.handleUnaryCall<_rollcall_v1_DiffGenerationsRequest, _rollcall_v1_DiffGenerationsResponseInput>;
  
  GetControlPlane: grpc.handleUnaryCall<_rollcall_v1_GetControlPlaneRequest, _rollcall_v1_GetControlPlaneResponseInput>;
  
  GetGeneration: grpc.handleUnaryCall<_rollcall_v1_GetGenerationRequest, _rollcall_v1_GetGenerationResponseInput>;
  
  GetIngressConfig: grpc.handleUnaryCall<_rollcall_v1_GetIngressConfigRequest, _rollcall_v1_GetIngressConfigResponseInput>;
  
  ListAgents: grpc.handleUnaryCall<_rollcall_v1_ListAgentsRequest, _rollcall_v1_ListAgentsResponseInput>;
  
  ListControllers: grpc.handleUnaryCall<_rollcall_v1_ListControllersRequest, _rollcall_v1_ListControllersResponseInput>;
  
  ListEnvironments: grpc.handleUnaryCall<_rollcall_v1_ListEnvironmentsRequest, _rollcall_v1_ListEnvironmentsResponseInput>;
  
  ListGenerations: grpc.handleUnaryCall<_rollcall_v1_ListGenerationsRequest, _rollcall_v1_ListGenerationsResponseInput>;
  
  ListIngressConfigs: grpc.handleUnaryCall<_rollcall_v1_ListIngressConfigsRequest, _rollcall_v1_ListIngressConfigsResponseInput>;
  
  RebaseGenerations: grpc.handleUnaryCall<_rollcall_v1_RebaseGenerationsRequest, _rollcall_v1_RebaseGenerationsResponseInput>;
  
  ResumeRemovals: grpc.handleUnaryCall<_rollcall_v1_ResumeRemovalsRequest, _rollcall_v1_ResumeRemovalsResponseInput>;
  
  RollbackIngressConfig: grpc.handleUnaryCall<_rollcall_v1_RollbackIngressConfigRequest, _rollcall_v1_RollbackIngressConfigResponseInput>;
  
  SetIngressConfig: grpc.handleUnaryCall<_rollcall_v1_SetIngressConfigRequest, _rollcall_v1_SetIngressConfigResponseInput>;
  
  StreamSetIngressConfigs: grpc.handleBidiStreamingCall<_rollcall_v1_StreamSetIngressConfigsRequest, _rollcall_v1_StreamSetIngressConfigsResponseInput>;
  
  UpdateEnvironment: grpc.handleUnaryCall<_rollcall_v1_UpdateEnvironmentRequest, _rollcall_v1_UpdateEnvironmentResponseInput>;
  
  WatchAgents: grpc.handleServerStreamingCall<_rollcall_v1_WatchAgentsRequest, _rollcall_v1_WatchAgentsResponseInput>;
  
  WatchIngressConfigs: grpc.handleServerStreamingCall<_rollcall_v1_WatchIngressConfigsRequest, _rollcall_v1_WatchIngressConfigsResponseInput>;
  
}

export interface ControllerDefinition extends grpc.ServiceDefinition {
  BatchSetIngressConfigs: MethodDefinition<_rollcall_v1_BatchSetIngressConfigsRequestInput, _rollcall_v1_BatchSetIngressConfigsResponseInput, _rollcall_v1_BatchSetIngressConfigsRequest, _rollcall_v1_BatchSetIngressConfigsResponse>
  ConfirmRowLoss: MethodDefinition<_rollcall_v1_ConfirmRowLossRequestInput, _rollcall_v1_ConfirmRowLossResponseInput, _rollcall_v1_ConfirmRowLossRequest, _rollcall_v1_ConfirmRowLossResponse>
  DecommissionAgent: MethodDefinition<_rollcall_v1_DecommissionAgentRequestInput, _rollcall_v1_DecommissionAgentResponseInput, _rollcall_v1_DecommissionAgentRequest, _rollcall_v1_DecommissionAgentResponse>
  DeleteIngressConfig: MethodDefinition<_rollcall_v1_DeleteIngressConfigRequestInput, _rollcall_v1_DeleteIngressConfigResponseInput, _rollcall_v1_DeleteIngressConfigRequest, _rollcall_v1_DeleteIngressConfigResponse>
  DiffGenerations: MethodDefinition<_rollcall_v1_DiffGenerationsRequestInput, _rollcall_v1_DiffGenerationsResponseInput, _rollcall_v1_DiffGenerationsRequest, _rollcall_v1_DiffGenerationsResponse>
  GetControlPlane: MethodDefinition<_rollcall_v1_GetControlPlaneRequestInput, _rollcall_v1_GetControlPlaneResponseInput, _rollcall_v1_GetControlPlaneRequest, _rollcall_v1_GetControlPlaneResponse>
  GetGeneration: MethodDefinition<_rollcall_v1_GetGenerationRequestInput, _rollcall_v1_GetGenerationResponseInput, _rollcall_v1_GetGenerationRequest, _rollcall_v1_GetGenerationResponse>
  GetIngressConfig: MethodDefinition<_rollcall_v1_GetIngressConfigRequestInput, _rollcall_v1_GetIngressConfigResponseInput, _rollcall_v1_GetIngressConfigRequest, _rollcall_v1_GetIngressConfigResponse>
  ListAgents: MethodDefinition<_rollcall_v1_ListAgentsRequestInput, _rollcall_v1_ListAgentsResponseInput, _rollcall_v1_ListAgentsRequest, _rollcall_v1_ListAgentsResponse>
  ListControllers: MethodDefinition<_rollcall_v1_ListControllersRequestInput, _rollcall_v1_ListControllersResponseInput, _rollcall_v1_ListControllersRequest, _rollcall_v1_ListControllersResponse>
  ListEnvironments: MethodDefinition<_rollcall_v1_ListEnvironmentsRequestInput, _rollcall_v1_ListEnvironmentsResponseInput, _rollcall_v1_ListEnvironmentsRequest, _rollcall_v1_ListEnvironmentsResponse>
  ListGenerations: MethodDefinition<_rollcall_v1_ListGenerationsRequestInput, _rollcall_v1_ListGenerationsResponseInput, _rollcall_v1_ListGenerationsRequest, _rollcall_v1_ListGenerationsResponse>
  ListIngressConfigs: MethodDefinition<_rollcall_v1_ListIngressConfigsRequestInput, _rollcall_v1_ListIngressConfigsResponseInput, _rollcall_v1_ListIngressConfigsRequest, _rollcall_v1_ListIngressConfigsResponse>
  RebaseGenerations: MethodDefinition<_rollcall_v1_RebaseGenerationsRequestInput, _rollcall_v1_RebaseGenerationsResponseInput, _rollcall_v1_RebaseGenerationsRequest, _rollcall_v1_RebaseGenerationsResponse>
  ResumeRemovals: MethodDefinition<_rollcall_v1_ResumeRemovalsRequestInput, _rollcall_v1_ResumeRemovalsResponseInput, _rollcall_v1_ResumeRemovalsRequest, _rollcall_v1_ResumeRemovalsResponse>
  RollbackIngressConfig: MethodDefinition<_rollcall_v1_RollbackIngressConfigRequestInput, _rollcall_v1_RollbackIngressConfigResponseInput, _rollcall_v1_RollbackIngressConfigRequest, _rollcall_v1_RollbackIngressConfigResponse>
  SetIngressConfig: MethodDefinition<_rollcall_v1_SetIngressConfigRequestInput, _rollcall_v1_SetIngressConfigResponseInput, _rollcall_v1_SetIngressConfigRequest, _rollcall_v1_SetIngressConfigResponse>
  StreamSetIngressConfigs: MethodDefinition<_rollcall_v1_StreamSetIngressConfigsRequestInput, _rollcall_v1_StreamSetIngressConfigsResponseInput, _rollcall_v1_StreamSetIngressConfigsRequest, _rollcall_v1_StreamSetIngressConfigsResponse>
  UpdateEnvironment: MethodDefinition<_rollcall_v1_UpdateEnvironmentRequestInput, _rollcall_v1_UpdateEnvironmentResponseInput, _rollcall_v1_UpdateEnvironmentRequest, _rollcall_v1_UpdateEnvironmentResponse>
  WatchAgents: MethodDefinition<_rollcall_v1_WatchAgentsRequestInput, _rollcall_v1_WatchAgentsResponseInput, _rollcall_v1_WatchAgentsRequest, _rollcall_v1_WatchAgentsResponse>
  WatchIngressConfigs: MethodDefinition<_rollcall_v1_WatchIngressConfigsRequestInput, _rollcall_v1_WatchIngressConfigsResponseInput, _rollcall_v1_WatchIngressConfigsRequest, _rollcall_v1_WatchIngressConfigsResponse>
}

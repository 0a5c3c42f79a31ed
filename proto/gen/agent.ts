import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInput as _google_protobuf_DurationInput, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { AgentClient as _rollcall_v1_AgentClient, AgentDefinition as _rollcall_v1_AgentDefinition } from './rollcall/v1/Agent.ts';
import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from './rollcall/v1/AgentInfo.ts';
import type { AppliedConfigInput as _rollcall_v1_AppliedConfigInput, AppliedConfig as _rollcall_v1_AppliedConfig } from './rollcall/v1/AppliedConfig.ts';
import type { AppliedVersionInput as _rollcall_v1_AppliedVersionInput, AppliedVersion as _rollcall_v1_AppliedVersion } from './rollcall/v1/AppliedVersion.ts';
import type { AttemptInput as _rollcall_v1_AttemptInput, Attempt as _rollcall_v1_Attempt } from './rollcall/v1/Attempt.ts';
import type { ControllerInfoInput as _rollcall_v1_ControllerInfoInput, ControllerInfo as _rollcall_v1_ControllerInfo } from './rollcall/v1/ControllerInfo.ts';
import type { GetAgentRequestInput as _rollcall_v1_GetAgentRequestInput, GetAgentRequest as _rollcall_v1_GetAgentRequest } from './rollcall/v1/GetAgentRequest.ts';
import type { GetAgentResponseInput as _rollcall_v1_GetAgentResponseInput, GetAgentResponse as _rollcall_v1_GetAgentResponse } from './rollcall/v1/GetAgentResponse.ts';
import type { GetAppliedConfigRequestInput as _rollcall_v1_GetAppliedConfigRequestInput, GetAppliedConfigRequest as _rollcall_v1_GetAppliedConfigRequest } from './rollcall/v1/GetAppliedConfigRequest.ts';
import type { GetAppliedConfigResponseInput as _rollcall_v1_GetAppliedConfigResponseInput, GetAppliedConfigResponse as _rollcall_v1_GetAppliedConfigResponse } from './rollcall/v1/GetAppliedConfigResponse.ts';
import type { HeldRemovalInput as _rollcall_v1_HeldRemovalInput, HeldRemoval as _rollcall_v1_HeldRemoval } from './rollcall/v1/HeldRemoval.ts';
import type { ListAppliedConfigsRequestInput as _rollcall_v1_ListAppliedConfigsRequestInput, ListAppliedConfigsRequest as _rollcall_v1_ListAppliedConfigsRequest } from './rollcall/v1/ListAppliedConfigsRequest.ts';
import type { ListAppliedConfigsResponseInput as _rollcall_v1_ListAppliedConfigsResponseInput, ListAppliedConfigsResponse as _rollcall_v1_ListAppliedConfigsResponse } from './rollcall/v1/ListAppliedConfigsResponse.ts';
import type { RelistRequestInput as _rollcall_v1_RelistRequestInput, RelistRequest as _rollcall_v1_RelistRequest } from './rollcall/v1/RelistRequest.ts';
import type { RelistResponseInput as _rollcall_v1_RelistResponseInput, RelistResponse as _rollcall_v1_RelistResponse } from './rollcall/v1/RelistResponse.ts';
import type { SyncedInput as _rollcall_v1_SyncedInput, Synced as _rollcall_v1_Synced } from './rollcall/v1/Synced.ts';
import type { ValidateRequestInput as _rollcall_v1_ValidateRequestInput, ValidateRequest as _rollcall_v1_ValidateRequest } from './rollcall/v1/ValidateRequest.ts';
import type { ValidateResponseInput as _rollcall_v1_ValidateResponseInput, ValidateResponse as _rollcall_v1_ValidateResponse } from './rollcall/v1/ValidateResponse.ts';
import type { WatchEventsRequestInput as _rollcall_v1_WatchEventsRequestInput, WatchEventsRequest as _rollcall_v1_WatchEventsRequest } from './rollcall/v1/WatchEventsRequest.ts';
import type { WatchEventsResponseInput as _rollcall_v1_WatchEventsResponseInput, WatchEventsResponse as _rollcall_v1_WatchEventsResponse } from './rollcall/v1/WatchEventsResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_DurationInput, _google_protobuf_Duration>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
    }
  }
  rollcall: {
    v1: {
      Agent: SubtypeConstructor<typeof grpc.Client, _rollcall_v1_AgentClient> & { service: _rollcall_v1_AgentDefinition }
      AgentInfo: MessageTypeDefinition<_rollcall_v1_AgentInfoInput, _rollcall_v1_AgentInfo>
      AgentPhase: EnumTypeDefinition
      AgentState: EnumTypeDefinition
      AppliedConfig: MessageTypeDefinition<_rollcall_v1_AppliedConfigInput, _rollcall_v1_AppliedConfig>
      AppliedVersion: MessageTypeDefinition<_rollcall_v1_AppliedVersionInput, _rollcall_v1_AppliedVersion>
      Attempt: MessageTypeDefinition<_rollcall_v1_AttemptInput, _rollcall_v1_Attempt>
      ControllerInfo: MessageTypeDefinition<_rollcall_v1_ControllerInfoInput, _rollcall_v1_ControllerInfo>
      GetAgentRequest: MessageTypeDefinition<_rollcall_v1_GetAgentRequestInput, _rollcall_v1_GetAgentRequest>
      GetAgentResponse: MessageTypeDefinition<_rollcall_v1_GetAgentResponseInput, _rollcall_v1_GetAgentResponse>
      GetAppliedConfigRequest: MessageTypeDefinition<_rollcall_v1_GetAppliedConfigRequestInput, _rollcall_v1_GetAppliedConfigRequest>
      GetAppliedConfigResponse: MessageTypeDefinition<_rollcall_v1_GetAppliedConfigResponseInput, _rollcall_v1_GetAppliedConfigResponse>
      HeldRemoval: MessageTypeDefinition<_rollcall_v1_HeldRemovalInput, _rollcall_v1_HeldRemoval>
      ListAppliedConfigsRequest: MessageTypeDefinition<_rollcall_v1_ListAppliedConfigsRequestInput, _rollcall_v1_ListAppliedConfigsRequest>
      ListAppliedConfigsResponse: MessageTypeDefinition<_rollcall_v1_ListAppliedConfigsResponseInput, _rollcall_v1_ListAppliedConfigsResponse>
      Proof: EnumTypeDefinition
      RelistRequest: MessageTypeDefinition<_rollcall_v1_RelistRequestInput, _rollcall_v1_RelistRequest>
      RelistResponse: MessageTypeDefinition<_rollcall_v1_RelistResponseInput, _rollcall_v1_RelistResponse>
      Synced: MessageTypeDefinition<_rollcall_v1_SyncedInput, _rollcall_v1_Synced>
      ValidateRequest: MessageTypeDefinition<_rollcall_v1_ValidateRequestInput, _rollcall_v1_ValidateRequest>
      ValidateResponse: MessageTypeDefinition<_rollcall_v1_ValidateResponseInput, _rollcall_v1_ValidateResponse>
      Verdict: EnumTypeDefinition
      WatchEventsRequest: MessageTypeDefinition<_rollcall_v1_WatchEventsRequestInput, _rollcall_v1_WatchEventsRequest>
      WatchEventsResponse: MessageTypeDefinition<_rollcall_v1_WatchEventsResponseInput, _rollcall_v1_WatchEventsResponse>
    }
  }
}


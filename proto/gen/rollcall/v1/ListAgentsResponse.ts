// Original file: proto/rollcall/v1/controller.proto

import type { AgentInfoInput as _rollcall_v1_AgentInfoInput, AgentInfo as _rollcall_v1_AgentInfo } from '../../rollcall/v1/AgentInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListAgentsResponseInput {
  'agents'?: (_rollcall_v1_AgentInfoInput)[];
  'nextPageToken'?: (string);
  'asOfRevision'?: (number | string | Long);
}

export interface ListAgentsResponse {
  'agents': (_rollcall_v1_AgentInfo)[];
  'nextPageToken': (string);
  'asOfRevision': (number);
}

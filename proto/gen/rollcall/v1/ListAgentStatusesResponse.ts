// Original file: proto/rollcall/v1/status_aggregator.proto

import type { AgentStatusInput as _rollcall_v1_AgentStatusInput, AgentStatus as _rollcall_v1_AgentStatus } from '../../rollcall/v1/AgentStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListAgentStatusesResponseInput {
  'statuses'?: (_rollcall_v1_AgentStatusInput)[];
  'nextPageToken'?: (string);
  'generation'?: (number | string | Long);
  'asOfRevision'?: (number | string | Long);
  'epoch'?: (number | string | Long);
}

export interface ListAgentStatusesResponse {
  'statuses': (_rollcall_v1_AgentStatus)[];
  'nextPageToken': (string);
  'generation': (number);
  'asOfRevision': (number);
  'epoch': (number);
}

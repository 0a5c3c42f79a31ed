// Original file: proto/rollcall/v1/status_aggregator.proto

import type { AgentStandingInput as _rollcall_v1_AgentStandingInput, AgentStanding as _rollcall_v1_AgentStanding } from '../../rollcall/v1/AgentStanding.ts';
import type { ReadConsistencyInput as _rollcall_v1_ReadConsistencyInput, ReadConsistency as _rollcall_v1_ReadConsistency } from '../../rollcall/v1/ReadConsistency.ts';

export interface ListAgentStatusesRequestInput {
  'env'?: (string);
  'id'?: (string);
  'standings'?: (_rollcall_v1_AgentStandingInput)[];
  'pageSize'?: (number);
  'pageToken'?: (string);
  'consistency'?: (_rollcall_v1_ReadConsistencyInput);
}

export interface ListAgentStatusesRequest {
  'env': (string);
  'id': (string);
  'standings': (_rollcall_v1_AgentStanding)[];
  'pageSize': (number);
  'pageToken': (string);
  'consistency': (_rollcall_v1_ReadConsistency);
}

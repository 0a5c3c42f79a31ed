// Original file: proto/rollcall/v1/status_aggregator.proto

import type { AgentStandingInput as _rollcall_v1_AgentStandingInput, AgentStanding as _rollcall_v1_AgentStanding } from '../../rollcall/v1/AgentStanding.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { CompletionPolicyInput as _rollcall_v1_CompletionPolicyInput, CompletionPolicy as _rollcall_v1_CompletionPolicy } from '../../rollcall/v1/CompletionPolicy.ts';
import type { Long } from '@grpc/proto-loader';

export interface AgentStatusInput {
  'agent'?: (string);
  'standing'?: (_rollcall_v1_AgentStandingInput);
  'reason'?: (string);
  'message'?: (string);
  'since'?: (_google_protobuf_TimestampInput | null);
  'phase'?: (string);
  'appliedGeneration'?: (number | string | Long);
  'upToDate'?: (boolean);
  'proof'?: (_rollcall_v1_CompletionPolicyInput);
}

export interface AgentStatus {
  'agent': (string);
  'standing': (_rollcall_v1_AgentStanding);
  'reason': (string);
  'message': (string);
  'since': (_google_protobuf_Timestamp | null);
  'phase': (string);
  'appliedGeneration': (number);
  'upToDate': (boolean);
  'proof': (_rollcall_v1_CompletionPolicy);
}

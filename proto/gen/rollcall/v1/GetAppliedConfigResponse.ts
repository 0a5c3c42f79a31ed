// Original file: proto/rollcall/v1/agent.proto

import type { AppliedConfigInput as _rollcall_v1_AppliedConfigInput, AppliedConfig as _rollcall_v1_AppliedConfig } from '../../rollcall/v1/AppliedConfig.ts';
import type { AttemptInput as _rollcall_v1_AttemptInput, Attempt as _rollcall_v1_Attempt } from '../../rollcall/v1/Attempt.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetAppliedConfigResponseInput {
  'config'?: (_rollcall_v1_AppliedConfigInput | null);
  'attempts'?: (_rollcall_v1_AttemptInput)[];
  'method'?: (string);
  'desiredGeneration'?: (number | string | Long);
  'content'?: (string);
}

export interface GetAppliedConfigResponse {
  'config': (_rollcall_v1_AppliedConfig | null);
  'attempts': (_rollcall_v1_Attempt)[];
  'method': (string);
  'desiredGeneration': (number);
  'content': (string);
}

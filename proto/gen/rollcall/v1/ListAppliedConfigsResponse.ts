// Original file: proto/rollcall/v1/agent.proto

import type { AppliedConfigInput as _rollcall_v1_AppliedConfigInput, AppliedConfig as _rollcall_v1_AppliedConfig } from '../../rollcall/v1/AppliedConfig.ts';

export interface ListAppliedConfigsResponseInput {
  'configs'?: (_rollcall_v1_AppliedConfigInput)[];
  'nextPageToken'?: (string);
}

export interface ListAppliedConfigsResponse {
  'configs': (_rollcall_v1_AppliedConfig)[];
  'nextPageToken': (string);
}

// Original file: proto/rollcall/v1/controller.proto

import type { SetOutcomeInput as _rollcall_v1_SetOutcomeInput, SetOutcome as _rollcall_v1_SetOutcome } from '../../rollcall/v1/SetOutcome.ts';

export interface BatchSetIngressConfigsResponseInput {
  'outcomes'?: (_rollcall_v1_SetOutcomeInput)[];
}

export interface BatchSetIngressConfigsResponse {
  'outcomes': (_rollcall_v1_SetOutcome)[];
}

// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionInput as _rollcall_v1_CompletionInput, Completion as _rollcall_v1_Completion } from '../../rollcall/v1/Completion.ts';

export interface GetCompletionResponseInput {
  'completion'?: (_rollcall_v1_CompletionInput | null);
}

export interface GetCompletionResponse {
  'completion': (_rollcall_v1_Completion | null);
}

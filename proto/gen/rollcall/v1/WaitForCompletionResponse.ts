// Original file: proto/rollcall/v1/status_aggregator.proto

import type { WaitOutcomeInput as _rollcall_v1_WaitOutcomeInput, WaitOutcome as _rollcall_v1_WaitOutcome } from '../../rollcall/v1/WaitOutcome.ts';
import type { CompletionInput as _rollcall_v1_CompletionInput, Completion as _rollcall_v1_Completion } from '../../rollcall/v1/Completion.ts';

export interface WaitForCompletionResponseInput {
  'outcome'?: (_rollcall_v1_WaitOutcomeInput);
  'completions'?: (_rollcall_v1_CompletionInput)[];
  'reason'?: (string);
}

export interface WaitForCompletionResponse {
  'outcome': (_rollcall_v1_WaitOutcome);
  'completions': (_rollcall_v1_Completion)[];
  'reason': (string);
}

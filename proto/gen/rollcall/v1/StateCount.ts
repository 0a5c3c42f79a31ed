// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionStateInput as _rollcall_v1_CompletionStateInput, CompletionState as _rollcall_v1_CompletionState } from '../../rollcall/v1/CompletionState.ts';

export interface StateCountInput {
  'state'?: (_rollcall_v1_CompletionStateInput);
  'count'?: (number);
}

export interface StateCount {
  'state': (_rollcall_v1_CompletionState);
  'count': (number);
}

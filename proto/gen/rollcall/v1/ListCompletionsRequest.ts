// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionStateInput as _rollcall_v1_CompletionStateInput, CompletionState as _rollcall_v1_CompletionState } from '../../rollcall/v1/CompletionState.ts';
import type { ReadConsistencyInput as _rollcall_v1_ReadConsistencyInput, ReadConsistency as _rollcall_v1_ReadConsistency } from '../../rollcall/v1/ReadConsistency.ts';

export interface ListCompletionsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'states'?: (_rollcall_v1_CompletionStateInput)[];
  'pageSize'?: (number);
  'pageToken'?: (string);
  'consistency'?: (_rollcall_v1_ReadConsistencyInput);
}

export interface ListCompletionsRequest {
  'env': (string);
  'id': (string);
  'states': (_rollcall_v1_CompletionState)[];
  'pageSize': (number);
  'pageToken': (string);
  'consistency': (_rollcall_v1_ReadConsistency);
}

// Original file: proto/rollcall/v1/status_aggregator.proto

import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from '../../rollcall/v1/ReadAfter.ts';
import type { ReadConsistencyInput as _rollcall_v1_ReadConsistencyInput, ReadConsistency as _rollcall_v1_ReadConsistency } from '../../rollcall/v1/ReadConsistency.ts';

export interface GetCompletionRequestInput {
  'env'?: (string);
  'id'?: (string);
  'after'?: (_rollcall_v1_ReadAfterInput | null);
  'consistency'?: (_rollcall_v1_ReadConsistencyInput);
}

export interface GetCompletionRequest {
  'env': (string);
  'id': (string);
  'after': (_rollcall_v1_ReadAfter | null);
  'consistency': (_rollcall_v1_ReadConsistency);
}

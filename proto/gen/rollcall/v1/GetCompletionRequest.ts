// Original file: proto/rollcall/v1/status_aggregator.proto

import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from '../../rollcall/v1/ReadAfter.ts';

export interface GetCompletionRequestInput {
  'env'?: (string);
  'id'?: (string);
  'after'?: (_rollcall_v1_ReadAfterInput | null);
}

export interface GetCompletionRequest {
  'env': (string);
  'id': (string);
  'after': (_rollcall_v1_ReadAfter | null);
}

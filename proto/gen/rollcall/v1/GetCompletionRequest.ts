// Original file: proto/rollcall/v1/status_aggregator.proto

import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from '../../rollcall/v1/ReadAfter.ts';
import type { ReadConsistencyInput as _rollcall_v1_ReadConsistencyInput, ReadConsistency as _rollcall_v1_ReadConsistency } from '../../rollcall/v1/ReadConsistency.ts';
import type { FieldMaskInput as _google_protobuf_FieldMaskInput, FieldMask as _google_protobuf_FieldMask } from '../../google/protobuf/FieldMask.ts';

export interface GetCompletionRequestInput {
  'env'?: (string);
  'id'?: (string);
  'after'?: (_rollcall_v1_ReadAfterInput | null);
  'consistency'?: (_rollcall_v1_ReadConsistencyInput);
  'readMask'?: (_google_protobuf_FieldMaskInput | null);
}

export interface GetCompletionRequest {
  'env': (string);
  'id': (string);
  'after': (_rollcall_v1_ReadAfter | null);
  'consistency': (_rollcall_v1_ReadConsistency);
  'readMask': (_google_protobuf_FieldMask | null);
}

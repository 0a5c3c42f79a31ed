// Original file: proto/rollcall/v1/history.proto

import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from '../../rollcall/v1/Generation.ts';
import type { FieldChangeInput as _rollcall_v1_FieldChangeInput, FieldChange as _rollcall_v1_FieldChange } from '../../rollcall/v1/FieldChange.ts';

export interface DiffGenerationsResponseInput {
  'from'?: (_rollcall_v1_GenerationInput | null);
  'to'?: (_rollcall_v1_GenerationInput | null);
  'changes'?: (_rollcall_v1_FieldChangeInput)[];
  'changesTruncated'?: (boolean);
  'unified'?: (string);
}

export interface DiffGenerationsResponse {
  'from': (_rollcall_v1_Generation | null);
  'to': (_rollcall_v1_Generation | null);
  'changes': (_rollcall_v1_FieldChange)[];
  'changesTruncated': (boolean);
  'unified': (string);
}

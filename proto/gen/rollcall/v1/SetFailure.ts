// Original file: proto/rollcall/v1/controller.proto

import type { FieldProblemInput as _rollcall_v1_FieldProblemInput, FieldProblem as _rollcall_v1_FieldProblem } from '../../rollcall/v1/FieldProblem.ts';

export interface SetFailureInput {
  'code'?: (string);
  'reason'?: (string);
  'message'?: (string);
  'problems'?: (_rollcall_v1_FieldProblemInput)[];
}

export interface SetFailure {
  'code': (string);
  'reason': (string);
  'message': (string);
  'problems': (_rollcall_v1_FieldProblem)[];
}

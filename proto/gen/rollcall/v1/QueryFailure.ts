// Original file: proto/rollcall/v1/status_aggregator.proto

import type { QueryProblemInput as _rollcall_v1_QueryProblemInput, QueryProblem as _rollcall_v1_QueryProblem } from '../../rollcall/v1/QueryProblem.ts';

export interface QueryFailureInput {
  'code'?: (string);
  'reason'?: (string);
  'message'?: (string);
  'problems'?: (_rollcall_v1_QueryProblemInput)[];
}

export interface QueryFailure {
  'code': (string);
  'reason': (string);
  'message': (string);
  'problems': (_rollcall_v1_QueryProblem)[];
}

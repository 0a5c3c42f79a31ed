// Original file: proto/rollcall/v1/status_aggregator.proto


export interface QueryProblemInput {
  'field'?: (string);
  'description'?: (string);
}

export interface QueryProblem {
  'field': (string);
  'description': (string);
}

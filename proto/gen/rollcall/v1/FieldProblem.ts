// Original file: proto/rollcall/v1/controller.proto


export interface FieldProblemInput {
  'field'?: (string);
  'description'?: (string);
}

export interface FieldProblem {
  'field': (string);
  'description': (string);
}

// Original file: proto/google/api/http.proto


export interface CustomHttpPatternInput {
  'kind'?: (string);
  'path'?: (string);
}

export interface CustomHttpPattern {
  'kind': (string);
  'path': (string);
}

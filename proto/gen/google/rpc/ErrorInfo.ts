// Original file: node_modules/google-proto-files/google/rpc/error_details.proto


export interface ErrorInfoInput {
  'reason'?: (string);
  'domain'?: (string);
  'metadata'?: ({[key: string]: string});
}

export interface ErrorInfo {
  'reason': (string);
  'domain': (string);
  'metadata': ({[key: string]: string});
}

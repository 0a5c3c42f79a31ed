// Original file: node_modules/google-proto-files/google/rpc/error_details.proto


export interface LocalizedMessageInput {
  'locale'?: (string);
  'message'?: (string);
}

export interface LocalizedMessage {
  'locale': (string);
  'message': (string);
}

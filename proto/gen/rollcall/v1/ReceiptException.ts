// Original file: proto/rollcall/v1/status_aggregator.proto


export interface ReceiptExceptionInput {
  'agent'?: (string);
  'reason'?: (string);
}

export interface ReceiptException {
  'agent': (string);
  'reason': (string);
}

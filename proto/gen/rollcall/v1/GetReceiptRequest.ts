// Original file: proto/rollcall/v1/status_aggregator.proto

import type { ReceiptKindInput as _rollcall_v1_ReceiptKindInput, ReceiptKind as _rollcall_v1_ReceiptKind } from '../../rollcall/v1/ReceiptKind.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetReceiptRequestInput {
  'env'?: (string);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'kind'?: (_rollcall_v1_ReceiptKindInput);
}

export interface GetReceiptRequest {
  'env': (string);
  'id': (string);
  'generation': (number);
  'kind': (_rollcall_v1_ReceiptKind);
}

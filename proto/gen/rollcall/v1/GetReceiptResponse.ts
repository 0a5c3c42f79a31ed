// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionReceiptInput as _rollcall_v1_CompletionReceiptInput, CompletionReceipt as _rollcall_v1_CompletionReceipt } from '../../rollcall/v1/CompletionReceipt.ts';

export interface GetReceiptResponseInput {
  'receipt'?: (_rollcall_v1_CompletionReceiptInput | null);
}

export interface GetReceiptResponse {
  'receipt': (_rollcall_v1_CompletionReceipt | null);
}

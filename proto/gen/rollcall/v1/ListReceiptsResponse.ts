// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionReceiptInput as _rollcall_v1_CompletionReceiptInput, CompletionReceipt as _rollcall_v1_CompletionReceipt } from '../../rollcall/v1/CompletionReceipt.ts';

export interface ListReceiptsResponseInput {
  'receipts'?: (_rollcall_v1_CompletionReceiptInput)[];
  'nextPageToken'?: (string);
}

export interface ListReceiptsResponse {
  'receipts': (_rollcall_v1_CompletionReceipt)[];
  'nextPageToken': (string);
}

// Original file: proto/rollcall/v1/status_aggregator.proto

export const ReceiptKind = {
  RECEIPT_KIND_UNSPECIFIED: 'RECEIPT_KIND_UNSPECIFIED',
  RECEIPT_KIND_COMPLETED: 'RECEIPT_KIND_COMPLETED',
  RECEIPT_KIND_DELETED: 'RECEIPT_KIND_DELETED',
} as const;

export type ReceiptKindInput =
  | 'RECEIPT_KIND_UNSPECIFIED'
  | 0
  | 'RECEIPT_KIND_COMPLETED'
  | 1
  | 'RECEIPT_KIND_DELETED'
  | 2

export type ReceiptKind = typeof ReceiptKind[keyof typeof ReceiptKind]

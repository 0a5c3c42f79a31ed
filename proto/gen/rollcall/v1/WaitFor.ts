// Original file: proto/rollcall/v1/status_aggregator.proto

export const WaitFor = {
  WAIT_FOR_UNSPECIFIED: 'WAIT_FOR_UNSPECIFIED',
  WAIT_FOR_COMPLETE: 'WAIT_FOR_COMPLETE',
  WAIT_FOR_DELETED: 'WAIT_FOR_DELETED',
} as const;

export type WaitForInput =
  | 'WAIT_FOR_UNSPECIFIED'
  | 0
  | 'WAIT_FOR_COMPLETE'
  | 1
  | 'WAIT_FOR_DELETED'
  | 2

export type WaitFor = typeof WaitFor[keyof typeof WaitFor]

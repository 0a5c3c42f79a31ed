// Original file: proto/rollcall/v1/status_aggregator.proto

export const ReadConsistency = {
  READ_CONSISTENCY_UNSPECIFIED: 'READ_CONSISTENCY_UNSPECIFIED',
  READ_CONSISTENCY_BOUNDED: 'READ_CONSISTENCY_BOUNDED',
  READ_CONSISTENCY_LINEARIZABLE: 'READ_CONSISTENCY_LINEARIZABLE',
} as const;

export type ReadConsistencyInput =
  | 'READ_CONSISTENCY_UNSPECIFIED'
  | 0
  | 'READ_CONSISTENCY_BOUNDED'
  | 1
  | 'READ_CONSISTENCY_LINEARIZABLE'
  | 2

export type ReadConsistency = typeof ReadConsistency[keyof typeof ReadConsistency]

import type { Counts } from '../domain/completion.ts';

/** What can happen to an agent, to a config on an agent, and to a config. */
export type HistoryEventType =
  | 'REGISTERED'
  | 'LOST'
  | 'LEFT'
  | 'FORGOTTEN'
  | 'BACK'
  | 'APPLIED'
  | 'FAILED'
  | 'REJECTED'
  | 'ROLLED_BACK'
  | 'DRIFTED'
  | 'DRIFT_REPAIRED'
  | 'REMOVED'
  | 'PUBLISHED'
  | 'DELETE_PUBLISHED'
  | 'SUPERSEDED'
  | 'ROLLOUT_FAILED'
  | 'COMPLETE'
  | 'COMPLETE_WITH_EXCEPTIONS'
  | 'DELETED'
  | 'DELETED_WITH_EXCEPTIONS'
  | 'RECEIPT';

/** One thing that happened, as this process observed it. */
export interface HistoryEvent {
  readonly type: HistoryEventType;
  readonly env: string;
  /** Undefined: it is about the agent alone. */
  readonly id: string | undefined;
  /** Undefined: it is about the config alone. */
  readonly agent: string | undefined;
  /** When it was observed. Milliseconds since 1970. */
  readonly atMs: number;
  /** Of etcd, at which it was so. */
  readonly revision: number;
  /** Of etcd; 0 when it held none. */
  readonly epoch: number;
  /** Of the config; 0 for none. */
  readonly generation: number;
  /** Stable word, or empty. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** What a state was found by; MySQL decides whether it was one. */
export interface Settled {
  readonly digest: string;
  readonly counts: Counts;
  /** When each of the forgotten members was forgotten; NaN: not known. */
  readonly forgottenAtMs: readonly number[];
}

/** What a change of the view amounts to. */
export interface Observed {
  readonly event: HistoryEvent;
  /** W3C traceparent of the write that it follows from; empty: not known. */
  readonly traceparent: string;
  /** Undefined: the event stands as it is. */
  readonly settled: Settled | undefined;
}

import type { AttemptSlot } from '#libs/keyspace';

/** A try, and how long it took. */
export interface TimedAttempt extends AttemptSlot {
  readonly tookMs: number;
}

/** What an agent does and notices; one word each. */
export type AgentEventKind =
  | 'RECEIVED'
  | 'APPLYING'
  | 'APPLIED'
  | 'FAILED'
  | 'REJECTED'
  | 'ROLLED_BACK'
  | 'REMOVING'
  | 'REMOVED'
  | 'DRIFT'
  | 'CONNECTED'
  | 'DISCONNECTED';

/** Something that an agent did or noticed, for people who look on. Nothing is decided by it. */
export interface AgentEvent {
  readonly kind: AgentEventKind;
  /** Absent when it is about no config in particular. */
  readonly id?: string;
  readonly generation?: number;
  /** Of what ended. */
  readonly attempt?: AttemptSlot & { readonly tookMs?: number };
}

const KINDS = {
  ok: 'APPLIED',
  failed: 'FAILED',
  rejected: 'REJECTED',
  rolled_back: 'ROLLED_BACK',
} as const satisfies Record<AttemptSlot['result'], AgentEventKind>;

/** The event of a try that ended. */
export function triedEvent(id: string, attempt: TimedAttempt): AgentEvent {
  return { kind: KINDS[attempt.result], id, generation: attempt.generation, attempt };
}

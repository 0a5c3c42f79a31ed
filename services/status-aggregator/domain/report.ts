import type { AttemptSlot, StatusValue } from '#libs/keyspace';
import type { Interner } from './interner.ts';
import { sessionOf } from './member.ts';
import { NO_DIGEST, PROOF, type Problem, type Report } from './status-table.ts';

/** Longest reason that is kept; the key space bounds the message alone. */
const REASON_LENGTH_MAX = 128;

/** The numbers that texts stand for in one view. */
export interface Interners {
  readonly sessions: Interner;
  readonly digests: Interner;
}

/** A status in compact form. `lease` is its key's, `atMs` when it was seen. */
export function reportFrom(
  status: StatusValue,
  { lease, atMs }: { lease: string; atMs: number },
  { sessions, digests }: Interners,
): Report {
  const { instance, epoch, applied, proof, phase } = status;
  return {
    session: sessionOf(sessions, { instance, lease, epoch }),
    generation: applied?.generation ?? 0,
    digest: applied ? digests.idOf(applied.digest) : NO_DIGEST,
    proof: proof ? PROOF[proof.level] : PROOF.NONE,
    phase,
    problem: problemFrom(status.last_attempt, atMs, digests),
  };
}

function problemFrom(
  attempt: AttemptSlot | null,
  sinceMs: number,
  digests: Interner,
): Problem | undefined {
  if (!attempt || attempt.result === 'ok') return undefined;
  const { generation, digest, result, final, reason, message } = attempt;
  return {
    generation,
    digest: digests.idOf(digest),
    result,
    // Rejected and rolled back are the last word on a generation, whatever the flag says.
    final: final || result !== 'failed',
    reason: reason.slice(0, REASON_LENGTH_MAX),
    message,
    sinceMs,
  };
}

/** `problem`, known for as long as `before` if that is the same one. */
export function sameProblemSince(problem: Problem, before: Problem | undefined): Problem {
  const isSame =
    before?.generation === problem.generation &&
    before.result === problem.result &&
    before.reason === problem.reason &&
    before.final === problem.final;
  return isSame ? { ...problem, sinceMs: before.sinceMs } : problem;
}

import { errorCode } from '#libs/files';
import type { AttemptSlot } from '#libs/keyspace';
import { type Clock, isAbortError } from '#libs/lifecycle';
import {
  afterFailedRepair,
  driftRepairedBy,
  hasFailedOther,
  repairedAttempt,
} from '../domain/drift.ts';
import { isSame } from '../domain/gate.ts';
import type { ConfigRecord, ConfigVersion } from '../domain/record.ts';
import { repairDelayMs, retryDelayMs } from '../domain/retry.ts';
import { nextAttempt } from '../domain/status.ts';
import { type Driver, DriverError } from '../drivers/driver.ts';
import type { Journal } from '../journal/journal.ts';
import type { DriverCalls } from './driver-calls.ts';

export interface ApplierDeps {
  driver: Driver;
  journal: Journal;
  clock: Clock;
  random: () => number;
}

/** As many as share the driver share its calls under way. */
export interface Applier extends ApplierDeps {
  calls: DriverCalls;
}

/** How a try ended, and when the next one is due. Undefined: not at all. */
export interface TryResult {
  attempt: AttemptSlot;
  retryAfterMs: number | undefined;
  /** What was thrown, for the log. */
  error?: unknown;
}

/**
 * Puts one version in force: validate, apply, verify, journal, in this order. Resolves when the
 * journal holds the outcome; a failure is an outcome too. Only an abort of the signal throws.
 */
export async function applyVersion(
  deps: Applier,
  { id, version, epoch }: { id: string; version: ConfigVersion; epoch?: number | undefined },
  signal: AbortSignal,
): Promise<TryResult> {
  const { driver, journal, calls } = deps;
  const config = { id, ...version, epoch };
  try {
    await calls.run(id, signal, (limit) => driver.validate(config, limit));
    const tried = journal.state.tries.get(id)?.at(-1);
    if (!tried || !isSame(tried, version)) await journal.append({ t: 'try', id, version });
    await calls.run(id, signal, (limit) => driver.apply(config, limit));
    const proof = await calls.run(id, signal, (limit) => driver.verify(config, limit));
    const at = new Date(deps.clock.now()).toISOString();
    const record = journal.state.configs.get(id);
    const attempt = succeeded(record, version, at);
    // A newer version that was rejected stays rejected, whatever was repaired meanwhile.
    const failedOther = record && driftRepairedBy(record, version) && hasFailedOther(record);
    const kept = failedOther ? (record.attempt ?? attempt) : attempt;
    await journal.append({ t: 'applied', id, at, proof, attempt: kept });
    return { attempt, retryAfterMs: undefined };
  } catch (error) {
    if (signal.aborted) throw error;
    return recordFailure(deps, { id, version, error });
  }
}

/**
 * Takes a config out of force and says so in the journal. Resolves with undefined when it is gone,
 * else with the failed try.
 */
export async function removeConfig(
  deps: Applier,
  { id, generation, tombstone }: { id: string; generation: number; tombstone: boolean },
  signal: AbortSignal,
): Promise<TryResult | undefined> {
  const { driver, journal, calls } = deps;
  try {
    const pending = journal.state.removing.get(id);
    if (!pending || pending.generation < generation) {
      await journal.append({ t: 'removing', id, generation, tombstone });
    }
    await calls.run(id, signal, (limit) => driver.remove(id, limit));
    const at = new Date(deps.clock.now()).toISOString();
    await journal.append({ t: 'removed', id, removed: { generation, at, tombstone } });
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return recordFailure(deps, { id, version: { generation, digest: '' }, error });
  }
}

interface Failure {
  id: string;
  version: Pick<ConfigVersion, 'generation' | 'digest'>;
  error: unknown;
}

function succeeded(
  record: ConfigRecord | undefined,
  version: ConfigVersion,
  at: string,
): AttemptSlot {
  const drift = driftRepairedBy(record, version);
  if (drift) return repairedAttempt(drift, at);
  const outcome = { result: 'ok', reason: '', message: '', final: false, at } as const;
  return nextAttempt(record?.attempt, version, outcome);
}

function recordFailure(deps: Applier, { id, version, error }: Failure): TryResult {
  const { journal, clock, random, calls } = deps;
  const failure = toDriverError(error, calls.timeoutMs);
  const record = journal.state.configs.get(id);
  const outcome = {
    result: failure.outcome === 'retry' ? 'failed' : failure.outcome,
    reason: failure.reason,
    message: failure.message,
    final: failure.outcome !== 'retry',
    at: new Date(clock.now()).toISOString(),
  } as const;
  const drift = driftRepairedBy(record, version);
  if (drift) {
    const after = afterFailedRepair(drift, outcome);
    journal.note({ t: 'drift', id, drift: after });
    const { attempt } = after;
    const delayMs = repairDelayMs(attempt.attempts, random);
    return { attempt, retryAfterMs: attempt.final ? undefined : delayMs, error };
  }
  const counted = nextAttempt(record?.attempt, version, outcome);
  const retryAfterMs = counted.final ? undefined : retryDelayMs(counted.attempts, random);
  const attempt = { ...counted, final: retryAfterMs === undefined };
  journal.note({ t: 'attempt', id, attempt });
  return { attempt, retryAfterMs, error };
}

function toDriverError(error: unknown, timeoutMs: number): DriverError {
  if (error instanceof DriverError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `the driver did not answer within ${timeoutMs} ms`;
    return new DriverError('retry', 'DRIVER_TIMEOUT', message, { cause: error });
  }
  if (isAbortError(error)) return new DriverError('retry', 'ABORTED', 'the driver gave up');
  // The driver's failures are its own class: a code of the system comes from the journal.
  const code = errorCode(error);
  const message = code ? `cannot write the journal: ${code}` : 'the agent failed';
  return new DriverError('retry', code || 'INTERNAL', message, { cause: error });
}

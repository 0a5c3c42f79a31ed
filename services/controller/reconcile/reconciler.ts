import {
  type Clock,
  deriveSignal,
  isAbortError,
  jittered,
  sleepUntilAborted,
  systemClock,
} from '#libs/lifecycle';
import { createBackoff } from '#libs/reconcile';
import { counter, gauge } from '#libs/telemetry';
import { type PassDeps, type PassOutcome, runPass } from './pass.ts';

/** Time between passes, and how far it is spread. */
const PASS_EVERY_MS = 30_000;
const PASS_JITTER = 0.5;
/** Triggers that come in a row make one pass a second. */
const TRIGGERED_SPACING_MS = 1_000;
/** After a pass that could not be finished. etcd or MySQL may come back at any moment. */
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;

export interface ReconcilerDeps extends Omit<PassDeps, 'nowMs'> {
  clock?: Clock;
  random?: () => number;
}

const passes = counter('rollcall_reconcile_passes', 'Passes over etcd and MySQL, by outcome');

/** Keeps etcd equal to MySQL: a pass at start, every 30 s or so, and at once when triggered. */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  #wake: (() => void) | undefined;
  #triggered = false;
  #setAside = 0;
  #isStopped = false;
  #lastKind: PassOutcome['kind'] | 'failed' | undefined;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
  }

  /** Asks for a pass at once: something suggests that etcd is not what it was. */
  trigger(): void {
    this.#triggered = true;
    this.#wake?.();
  }

  /** Passes until the signal fires. What fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    gauge(
      'rollcall_set_aside_keys',
      'Keys in etcd that MySQL has never known',
      () => this.#setAside,
    );
    gauge(
      'rollcall_safety_stop',
      '1 while passes stop because MySQL seems to have lost its rows',
      () => (this.#isStopped ? 1 : 0),
    );
    const random = this.#deps.random ?? Math.random;
    const backoff = createBackoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, random });
    while (!signal.aborted) {
      this.#triggered = false;
      const isDone = await this.#attempt(signal);
      if (signal.aborted) return;
      if (!isDone) {
        await sleepUntilAborted(backoff.next(), signal);
        continue;
      }
      backoff.reset();
      await sleepUntilAborted(TRIGGERED_SPACING_MS, signal);
      const restMs = jittered(PASS_EVERY_MS, PASS_JITTER, random) - TRIGGERED_SPACING_MS;
      await this.#sleepUntilTriggered(restMs, signal);
    }
  }

  /** One pass; whether it needs no repetition. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    const { log, clock = systemClock } = this.#deps;
    const startedAtMs = clock.monotonicMs();
    try {
      const outcome = await runPass({ ...this.#deps, nowMs: () => clock.now() }, signal);
      passes(1, { outcome: outcome.kind });
      const tookMs = Math.round(clock.monotonicMs() - startedAtMs);
      const isNews =
        outcome.kind !== this.#lastKind || ('published' in outcome && outcome.published > 0);
      log[isNews ? 'info' : 'debug']({ ...outcome, tookMs }, 'reconcile pass ended');
      this.#lastKind = outcome.kind;
      if (outcome.kind === 'stopped') this.#isStopped = true;
      if (outcome.kind === 'clean') {
        this.#isStopped = false;
        this.#noteSetAside(outcome.setAside);
      }
      return outcome.kind === 'clean' || outcome.kind === 'stopped';
    } catch (error) {
      if (signal.aborted && isAbortError(error)) return true;
      passes(1, { outcome: 'failed' });
      log[this.#lastKind === 'failed' ? 'debug' : 'warn']({ err: error }, 'reconcile pass failed');
      this.#lastKind = 'failed';
      return false;
    }
  }

  #noteSetAside(count: number): void {
    if (count > 0 && count !== this.#setAside) {
      this.#deps.log.warn({ count }, 'etcd holds keys that mysql has never known: set aside');
    }
    this.#setAside = count;
  }

  async #sleepUntilTriggered(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#triggered) return;
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(ms, wake.signal);
    this.#wake = undefined;
  }
}

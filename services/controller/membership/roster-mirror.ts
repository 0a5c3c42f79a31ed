import type { EtcdKv } from '#libs/etcd';
import {
  type Clock,
  deriveSignal,
  isAbortError,
  jittered,
  sleepUntilAborted,
} from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { planForget } from '../domain/forget-plan.ts';
import { type AgentKeys, type Member, planMirror } from '../domain/roster-plan.ts';
import { type MemberMirror, RosterRecorder } from './roster-recorder.ts';
import { forgetMember } from './roster-txns.ts';
import type { RosterView } from './roster-view.ts';

/** A look without any change: repairs what another controller's older view wrote. */
const LOOK_EVERY_MS = 5_000;
/** Gathers changes, and lets one controller be first. */
const GATHER_MS = 200;
const GATHER_JITTER = 0.9;
/** Statements at once, below a pool's size. */
const CONCURRENCY = 4;
/** The server is away, most likely: the rest is for the next look. */
const FAILURES_MAX = 8;
/** After an outage of etcd everybody was lost for long; agents are back well before this. */
const SETTLE_MS = 30_000;

export interface RosterMirrorDeps {
  view: Pick<RosterView, 'isCurrent' | 'isReady' | 'entries' | 'subscribe'>;
  members: MemberMirror;
  etcd: Pick<EtcdKv, 'txn'>;
  /** Members that are lost for longer are forgotten. */
  forgetAfterMs: number;
  clock: Pick<Clock, 'monotonicMs'>;
  log: Logger;
  random?: () => number;
}

/** Keeps `agent_member` equal to the roster in etcd, so that it survives etcd's loss. */
export class RosterMirror {
  readonly #deps: RosterMirrorDeps;
  readonly #recorder: RosterRecorder;
  #wake: (() => void) | undefined;
  #changed = true;
  #failing = false;
  /** Since when the view has followed a READY etcd without a break, as far as was looked. */
  #followsSinceMs: number;

  constructor(deps: RosterMirrorDeps) {
    this.#deps = deps;
    this.#recorder = new RosterRecorder(deps);
    this.#followsSinceMs = deps.clock.monotonicMs();
  }

  /** Mirrors until the signal fires. What fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const unsubscribe = this.#deps.view.subscribe((change) => {
      if (change.kind === 'controllers') return;
      // Whatever the break hid, agents get their time to come back.
      if (change.kind === 'reconnected') this.#followsSinceMs = this.#deps.clock.monotonicMs();
      this.#changed = true;
      this.#wake?.();
    });
    try {
      while (!signal.aborted) {
        await this.#sleepUntilChanged(signal);
        await sleepUntilAborted(jittered(GATHER_MS, GATHER_JITTER, this.#deps.random), signal);
        this.#changed = false;
        if (!signal.aborted) await this.#attempt(signal);
      }
    } finally {
      unsubscribe();
    }
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    try {
      await this.#mirror(signal);
      this.#failing = false;
    } catch (error) {
      if (signal.aborted && isAbortError(error)) return;
      if (!this.#failing) this.#deps.log.warn({ err: error }, 'roster not mirrored');
      this.#failing = true;
    }
  }

  async #mirror(signal: AbortSignal): Promise<void> {
    const { view, members } = this.#deps;
    if (!this.#mayMirror()) return;
    const rows = await members.list();
    // Looked at again: a stale view, or one of an etcd that is being rebuilt, shows absences that are
    // no evidence of anything.
    if (!this.#mayMirror()) return;
    const entries = view.entries();
    await this.#record(entries, rows, signal);
    await this.#forget(entries, rows, signal);
  }

  /** One that fails does not hold up the others; throws the first failure in the end. */
  async #record(
    entries: readonly AgentKeys[],
    rows: readonly Member[],
    signal: AbortSignal,
  ): Promise<void> {
    const keys = new Map(entries.map((entry) => [keyOf(entry), entry]));
    const before = new Map(rows.map((row) => [keyOf(row), row]));
    const failures: unknown[] = [];
    const agents = [...Map.groupBy(planMirror(entries, rows), keyOf)];
    for (let from = 0; from < agents.length; from += CONCURRENCY) {
      if (signal.aborted || !this.#mayMirror() || failures.length >= FAILURES_MAX) break;
      const batch = agents.slice(from, from + CONCURRENCY).map(async ([key, actions]) => {
        const seen = { keys: keys.get(key), row: before.get(key) };
        await this.#recorder.record(actions, seen, signal);
      });
      for (const result of await Promise.allSettled(batch)) {
        if (result.status === 'rejected') failures.push(result.reason);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Takes off the roster who was lost for too long, once agents had the time to come back. */
  async #forget(
    entries: readonly AgentKeys[],
    rows: readonly Member[],
    signal: AbortSignal,
  ): Promise<void> {
    const { etcd, forgetAfterMs, clock, log } = this.#deps;
    const settleMs = Math.min(SETTLE_MS, forgetAfterMs);
    if (clock.monotonicMs() - this.#followsSinceMs < settleMs) return;
    for (const forgetting of planForget(entries, rows, forgetAfterMs)) {
      if (signal.aborted || !this.#mayMirror()) return;
      if (!(await forgetMember(etcd, forgetting, signal))) continue;
      // The event is logged once it is recorded.
      log.debug({ env: forgetting.env, agent: forgetting.name }, 'agent taken off the roster');
    }
  }

  #mayMirror(): boolean {
    const { view, clock } = this.#deps;
    const isFollowing = view.isCurrent && view.isReady;
    if (!isFollowing) this.#followsSinceMs = clock.monotonicMs();
    return isFollowing;
  }

  async #sleepUntilChanged(signal: AbortSignal): Promise<void> {
    if (this.#changed) return;
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(LOOK_EVERY_MS, wake.signal);
    this.#wake = undefined;
  }
}

function keyOf({ env, name }: { env: string; name: string }): string {
  return `${env}/${name}`;
}

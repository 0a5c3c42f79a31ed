import type { EtcdKv } from '#libs/etcd';
import { rosterKey } from '#libs/keyspace';
import {
  type Clock,
  deriveSignal,
  isAbortError,
  jittered,
  sleepUntilAborted,
} from '#libs/lifecycle';
import { counter, type Logger } from '#libs/telemetry';
import { planForget } from '../domain/forget-plan.ts';
import {
  type AgentKeys,
  type Member,
  type MirrorAction,
  planMirror,
} from '../domain/roster-plan.ts';
import { forgetMember } from './roster-txns.ts';
import type { RosterView } from './roster-view.ts';

/** A look without any change: repairs what another controller's older view wrote. */
const LOOK_EVERY_MS = 5_000;
/** Gathers changes, and lets one controller be first. */
const GATHER_MS = 200;
const GATHER_JITTER = 0.9;
/** Statements at once, below a pool's size. */
const CONCURRENCY = 4;
/** Deadline of a call to etcd. */
const CALL_TIMEOUT_MS = 1_000;
/** After an outage of etcd everybody was lost for long; agents are back well before this. */
const SETTLE_MS = 30_000;

/** What the mirror needs of `agent_member`. Every write is idempotent. */
export interface MemberMirror {
  list(): Promise<readonly Member[]>;
  /** The member is there, as this instance, neither left nor, for all that is known, lost. */
  joined(member: { env: string; name: string; instance: string; joinedAt: string }): Promise<void>;
  /** It left by a clean exit. */
  left(env: string, name: string): Promise<void>;
  /** It has no registration; the first such call says since when. */
  lost(env: string, name: string): Promise<void>;
  /** It was lost for so long that it is not counted any more, since `at`. */
  forgotten(env: string, name: string, at: Date): Promise<void>;
  /** It has a registration again. */
  back(env: string, name: string): Promise<void>;
}

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

const recorded = counter('rollcall_roster_changes', 'Changes of the roster recorded in MySQL');

/** Keeps `agent_member` equal to the roster in etcd, so that it survives etcd's loss. */
export class RosterMirror {
  readonly #deps: RosterMirrorDeps;
  #wake: (() => void) | undefined;
  #changed = true;
  #failing = false;
  /** Since when the view has followed a READY etcd without a break, as far as was looked. */
  #followsSinceMs: number;

  constructor(deps: RosterMirrorDeps) {
    this.#deps = deps;
    this.#followsSinceMs = deps.clock.monotonicMs();
  }

  /** Mirrors until the signal fires. What fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const unsubscribe = this.#deps.view.subscribe((change) => {
      if (change.kind === 'controllers') return;
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
    const actions = planMirror(entries, rows);
    for (let from = 0; from < actions.length; from += CONCURRENCY) {
      if (signal.aborted || !this.#mayMirror()) return;
      const batch = actions.slice(from, from + CONCURRENCY);
      await Promise.all(batch.map((action) => this.#execute(action, signal)));
    }
    if (actions.length === 0) await this.#forget(entries, rows, signal);
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
      const { env, name, survivor, lostSince } = forgetting;
      if (!(await forgetMember(etcd, forgetting, signal))) continue;
      log.warn({ env, agent: name, lostSince, survivor: survivor.name }, 'agent forgotten');
    }
  }

  #mayMirror(): boolean {
    const { view, clock } = this.#deps;
    const isFollowing = view.isCurrent && view.isReady;
    if (!isFollowing) this.#followsSinceMs = clock.monotonicMs();
    return isFollowing;
  }

  async #execute(action: MirrorAction, signal: AbortSignal): Promise<void> {
    const { members, log } = this.#deps;
    const { kind, env, name } = action;
    switch (action.kind) {
      case 'joined':
        await members.joined(action);
        break;
      case 'lost':
        await members.lost(env, name);
        break;
      case 'back':
        await members.back(env, name);
        break;
      case 'forgotten':
        await members.forgotten(env, name, new Date(action.at));
        break;
      case 'left':
        if (!action.recorded) await members.left(env, name);
        await this.#removeRosterKey(action, signal);
        break;
    }
    recorded(1, { kind });
    log.info({ env, agent: name, change: kind }, 'roster change recorded');
  }

  /** Only once MySQL knows of the leaving, and only what said so: a new registration puts anew. */
  async #removeRosterKey(
    { env, name, modRevision }: { env: string; name: string; modRevision: bigint },
    signal: AbortSignal,
  ): Promise<void> {
    const key = rosterKey(env, name);
    await this.#deps.etcd.txn(
      {
        compare: [{ key, target: 'mod', op: '=', value: modRevision }],
        success: [{ delete: { key } }],
      },
      { signal, timeoutMs: CALL_TIMEOUT_MS },
    );
  }

  async #sleepUntilChanged(signal: AbortSignal): Promise<void> {
    if (this.#changed) return;
    using wake = deriveSignal(signal);
    this.#wake = () => wake.abort();
    await sleepUntilAborted(LOOK_EVERY_MS, wake.signal);
    this.#wake = undefined;
  }
}

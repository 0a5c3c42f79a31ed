import type { EtcdKv } from '#libs/etcd';
import type { AgentPhase } from '#libs/keyspace';
import type { Run } from '#libs/lifecycle';
import { createWorkQueue, type PassResult, type WorkQueue } from '#libs/reconcile';
import { type Logger, withSpan } from '#libs/telemetry';
import { type AgentEvent, type TimedAttempt, triedEvent } from '../domain/agent-event.ts';
import { readyMark } from '../domain/evidence.ts';
import { type GateInput, type GatePlan, planConfig, repairOr } from '../domain/gate.ts';
import type { ConfigRecord } from '../domain/record.ts';
import { seenMark } from '../domain/removal.ts';
import { settledPhase } from '../domain/status.ts';
import { followTombstone } from '../domain/tombstone.ts';
import type { EnvironmentView } from '../watch/environment-view.ts';
import {
  type Applier,
  type ApplierDeps,
  applyVersion,
  removeConfig,
  type TryResult,
} from './applier.ts';
import { AttemptHistory } from './attempt-history.ts';
import { DriftWatch } from './drift-watch.ts';
import { DriverCalls } from './driver-calls.ts';
import { type HeldRemoval, Removals } from './removals.ts';
import { SettledVersions } from './settled-versions.ts';
import { spanOf } from './span-of.ts';

/** Configs that a driver works on at once that names no number: they share the journal's syncs. */
const WORKERS_MAX = 8;
/** Back-off of a look that etcd did not answer, as in the list-watch. */
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;

export interface EngineDeps extends ApplierDeps {
  env: string;
  /** Of the agent, for traces. */
  name: string;
  view: EnvironmentView;
  kv: Pick<EtcdKv, 'txn'>;
  /** Told of each config whose report may have changed. */
  report: (id: string) => void;
  /** Told of what is done, for people who look on. */
  tell: (event: AgentEvent) => void;
  log: Logger;
}

/**
 * Brings what is in force to what etcd holds, one config at a time: newest generation only, several
 * configs at once, none waiting for another's failure. Takes nothing out of force without evidence.
 */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #applier: Applier;
  readonly #queue: WorkQueue<string>;
  readonly #removals: Removals;
  readonly #active = new Map<string, AgentPhase>();
  readonly #settled = new SettledVersions();
  readonly #attempts = new AttemptHistory();
  readonly #drift: DriftWatch;
  #refusedCount = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#applier = { ...deps, calls: new DriverCalls(deps.driver) };
    this.#removals = new Removals(deps);
    this.#drift = new DriftWatch({
      ...deps,
      isBusy: (id) => this.#active.has(id),
      found: (id) => {
        deps.report(id);
        this.#tellDrift(id);
        this.#queue.add(id);
      },
    });
    this.#queue = createWorkQueue<string>({
      workersMax: deps.driver.concurrency ?? WORKERS_MAX,
      retryMinMs: RETRY_MIN_MS,
      retryMaxMs: RETRY_MAX_MS,
      random: deps.random,
      process: (id, signal) => this.#look(id, signal),
      onError: (id, error) => deps.log.warn({ err: error, id }, 'config was not looked at'),
    });
    deps.driver.onDisturbed?.((ids) => this.#disturbed(ids));
  }

  /** Works until the signal fires and the driver's calls under way have ended. */
  readonly run: Run = async (signal) => {
    await Promise.all([this.#queue.run(signal), this.#drift.run(signal)]);
  };

  /** Removals that wait, in no order. */
  held(): HeldRemoval[] {
    return this.#removals.held();
  }

  /** What each config is going through at this moment that the journal does not tell. */
  get active(): ReadonlyMap<string, AgentPhase> {
    return this.#active;
  }

  /** The last tries of a config by this process, the newest first. */
  attemptsOf(id: string): readonly TimedAttempt[] {
    return this.#attempts.of(id);
  }

  /** Values refused because something newer is in force or was removed. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Where a config stands at this moment, or undefined when the agent knows nothing of it. */
  phaseOf(id: string): AgentPhase | undefined {
    const { configs, removed } = this.#deps.journal.state;
    const active = this.#active.get(id);
    if (active) return active;
    const record = configs.get(id);
    if (record) return settledPhase(record);
    if (this.#deps.view.configs.has(id)) return 'WAITING';
    return removed.has(id) ? 'REMOVED' : undefined;
  }

  /** Looks at these configs again. */
  changed(ids: Iterable<string>): void {
    for (const id of ids) this.#queue.add(id);
  }

  /** A key of this config was there, if only for a moment: it has not been absent throughout. */
  present(id: string): void {
    this.#removals.clear(id);
  }

  /** The watch broke, or is up again: what comes late must not count as seen. */
  interrupted(): void {
    this.#removals.restart();
  }

  /** Puts back in force whatever the journal knows to have drifted. */
  repair(): void {
    for (const [id, { drift }] of this.#deps.journal.state.configs) {
      if (drift) this.#queue.add(id);
    }
  }

  /** A whole list was taken in: looks at everything again, and at what the driver has. */
  listed(): void {
    const { view, journal } = this.#deps;
    this.#rememberMark();
    this.#removals.restart();
    if (journal.state.held && readyMark(view.meta)) journal.note({ t: 'hold', held: false });
    this.#settled.listed();
    const { configs, removed } = journal.state;
    for (const map of [view.configs, view.tombstones, configs, removed]) this.changed(map.keys());
    this.#drift.ask();
  }

  #disturbed(ids: readonly string[]): void {
    for (const id of ids) this.#settled.reconsider(id);
    this.changed(ids);
    this.#drift.ask();
  }

  /** Epoch, pass or the operator's word changed: looks at the absences again. */
  metaChanged(): void {
    this.#rememberMark();
    this.changed(this.#removals.ids);
  }

  #rememberMark(): void {
    const { view, journal } = this.#deps;
    const mark = seenMark(view.meta, journal.state.mark);
    if (mark) journal.note({ t: 'mark', mark });
  }

  async #look(id: string, signal: AbortSignal): Promise<PassResult> {
    const input = this.#gateInput(id);
    const plan = planConfig(input);
    if (plan.do === 'absent') return await this.#absent(id, input, signal);
    this.#removals.clear(id);
    if (plan.do === 'refuse') {
      this.#refusedCount += 1;
      this.#deps.log.warn({ id, reason: plan.reason }, 'generation refused');
    }
    this.#followTombstone(id);
    return await this.#execute(id, plan, signal);
  }

  #gateInput(id: string): GateInput {
    const { view, journal } = this.#deps;
    const record = journal.state.configs.get(id);
    return {
      desired: view.configs.get(id),
      foreign: view.isForeign(id),
      tombstone: view.tombstones.get(id)?.generation,
      record,
      tried: journal.state.tries.get(id),
      removed: journal.state.removed.get(id),
      drifted: record?.drift !== undefined,
      settled: this.#settled.of(id),
    };
  }

  async #execute(id: string, plan: GatePlan, signal: AbortSignal): Promise<PassResult> {
    if (plan.do !== 'apply' && plan.do !== 'repair') return undefined;
    const { version } = plan;
    const startedMs = this.#deps.clock.monotonicMs();
    this.#active.set(id, 'APPLYING');
    this.#deps.tell({ kind: 'APPLYING', id, generation: version.generation });
    try {
      const { epoch } = this.#deps.view.listed ?? {};
      const result = await withSpan('agent.apply', spanOf(this.#deps, id, version), () =>
        applyVersion(this.#applier, { id, version, epoch }, signal),
      );
      if (result.attempt.result === 'ok' && plan.do !== 'repair') this.#settled.forget(id);
      if (result.attempt.final) {
        this.#settled.add(id, version, { forGood: result.attempt.result !== 'failed' });
      }
      return this.#ended(id, result, startedMs);
    } finally {
      this.#active.delete(id);
    }
  }

  /** In force here, absent in etcd: removed with evidence, kept in force without. */
  async #absent(id: string, input: GateInput, signal: AbortSignal): Promise<PassResult> {
    const { record } = input;
    const decided = record && (await this.#decide(id, record, signal));
    if (!decided) return await this.#execute(id, repairOr(input, { do: 'nothing' }), signal);
    const startedMs = this.#deps.clock.monotonicMs();
    this.#active.set(id, 'REMOVING');
    const { generation } = decided;
    this.#deps.tell({ kind: 'REMOVING', id, generation });
    try {
      const span = spanOf(this.#deps, id, { generation });
      const failed = await withSpan('agent.remove', span, () =>
        removeConfig(this.#applier, { id, ...decided }, signal),
      );
      if (failed) return this.#ended(id, failed, startedMs);
      this.#deps.tell({ kind: 'REMOVED', id, generation });
      this.#attempts.forget(id);
      this.#removals.clear(id);
      this.#settled.forget(id);
      this.#deps.log.info({ id, ...decided }, 'config removed');
      // A later delete may have come since this one was decided.
      this.#followTombstone(id);
      this.#deps.report(id);
      return undefined;
    } finally {
      this.#active.delete(id);
    }
  }

  #tellDrift(id: string): void {
    const attempt = this.#deps.journal.state.configs.get(id)?.drift?.attempt;
    if (!attempt) return;
    this.#deps.tell({ kind: 'DRIFT', id, generation: attempt.generation, attempt });
  }

  async #decide(id: string, record: ConfigRecord, signal: AbortSignal) {
    // Before the first list nothing is known to be absent.
    if (!this.#deps.view.listed) return undefined;
    return await this.#removals.decide(id, record, signal);
  }

  #ended(id: string, { attempt, retryAfterMs, error }: TryResult, startedMs: number): PassResult {
    const timed = { ...attempt, tookMs: this.#deps.clock.monotonicMs() - startedMs };
    this.#attempts.note(id, timed);
    this.#deps.tell(triedEvent(id, timed));
    const { generation, result, reason, attempts, final } = attempt;
    const fields = { id, generation, attempts };
    if (result === 'ok') this.#deps.log.info(fields, 'config applied');
    else
      this.#deps.log.warn({ ...fields, result, reason, final, err: error }, 'config not applied');
    this.#deps.report(id);
    return retryAfterMs === undefined ? undefined : { requeueAfterMs: retryAfterMs };
  }

  /** A removal is reported while its tombstone is there, and remembered for longer. */
  #followTombstone(id: string): void {
    const { view, journal, clock } = this.#deps;
    const { configs, removed } = journal.state;
    if (configs.has(id) || !view.listed) return;
    const tombstone = view.tombstones.get(id);
    const desired = view.configs.get(id);
    // Created anew: the tombstone is about to go, and what comes is reported instead.
    if (desired && desired.generation > (tombstone?.generation ?? 0)) return;
    const before = removed.get(id);
    const after = followTombstone({
      removed: before,
      tombstone,
      listedSince: view.listed.since,
      nowMs: clock.now(),
    });
    if (after === before) return;
    journal.note(after ? { t: 'removed', id, removed: after } : { t: 'forget', id });
    this.#deps.report(id);
  }
}

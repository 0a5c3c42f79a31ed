import type { EtcdKv } from '#libs/etcd';
import type { Clock } from '#libs/lifecycle';
import { takeRemoval } from '../domain/brake.ts';
import { type Absence, observeAbsence } from '../domain/evidence.ts';
import type { ConfigRecord } from '../domain/record.ts';
import { highestAsked, planRemoval } from '../domain/removal.ts';
import type { Journal } from '../journal/journal.ts';
import type { EnvironmentView } from '../watch/environment-view.ts';
import { readEvidence } from './evidence-reader.ts';

/** Why a removal waits: for two whole passes, for an operator, for a READY list. */
export type HeldReason = 'ABSENT' | 'BRAKE' | 'JOURNAL';

export interface HeldRemoval {
  readonly id: string;
  readonly reason: HeldReason;
  readonly sinceMs: number;
}

export interface RemovalsDeps {
  env: string;
  view: EnvironmentView;
  journal: Journal;
  kv: Pick<EtcdKv, 'txn'>;
  clock: Clock;
}

/** A removal that may be carried out. */
export interface DecidedRemoval {
  generation: number;
  tombstone: boolean;
}

/** An absence under observation. Nothing is known to hold it before etcd was asked. */
interface Noticed {
  readonly absence: Absence;
  readonly reason: HeldReason | undefined;
}

/** The absences under observation, and the decision which of them are deletes. */
export class Removals {
  readonly #deps: RemovalsDeps;
  readonly #absences = new Map<string, Noticed>();

  constructor(deps: RemovalsDeps) {
    this.#deps = deps;
  }

  /** Configs that are absent and kept in force. */
  held(): HeldRemoval[] {
    return [...this.#absences].flatMap(([id, { absence, reason }]) =>
      reason === undefined ? [] : [{ id, reason, sinceMs: absence.sinceMs }],
    );
  }

  get ids(): Iterable<string> {
    return this.#absences.keys();
  }

  /** The config is not absent (any more), or was there for a moment: what was counted counts no more. */
  clear(id: string): void {
    this.#absences.delete(id);
  }

  /**
   * Nobody can tell what was there a moment ago, as after a list, or while the watch is broken: the
   * passes are counted anew.
   */
  restart(): void {
    for (const [id, { absence, reason }] of this.#absences) {
      this.#absences.set(id, { absence: { ...absence, mark: undefined }, reason });
    }
  }

  /**
   * Looks for evidence that an absent config was deleted. The view only raises the question, etcd
   * answers it linearizably. Undefined: keep serving. Throws while etcd does not answer.
   */
  async decide(
    id: string,
    record: ConfigRecord,
    signal: AbortSignal,
  ): Promise<DecidedRemoval | undefined> {
    const { view, journal } = this.#deps;
    const highest = this.#highest(id, record);
    const decided = journal.state.removing.get(id);
    // What the driver was asked for since needs evidence of its own.
    if (decided && decided.generation >= highest) return decided;
    const { absence } = this.#absences.get(id) ?? this.#notice(id);
    if (journal.state.held) return this.#keep(id, absence, 'JOURNAL');
    const tombstone = view.tombstones.get(id);
    const isDeleted = tombstone !== undefined && tombstone.generation >= highest;
    const seen = observeAbsence(absence, view.meta, journal.state.mark);
    if (isDeleted || seen.proven) return await this.#confirm(id, record, absence, signal);
    if (!seen.absence.mark || seen.absence.mark === absence.mark) {
      return this.#keep(id, seen.absence, 'ABSENT');
    }
    // The view's ranges do not arrive together: its pass may be older than the absence, and counting
    // from it would see passes that ended before. The pass to count from is read linearizably.
    return await this.#confirm(id, record, { ...absence, mark: undefined }, signal);
  }

  async #confirm(
    id: string,
    record: ConfigRecord,
    absence: Absence,
    signal: AbortSignal,
  ): Promise<DecidedRemoval | undefined> {
    const { env, kv, journal } = this.#deps;
    const noticed = this.#absences.get(id);
    const evidence = await readEvidence(kv, { env, id }, signal);
    const plan = planRemoval({
      generation: this.#highest(id, record),
      present: evidence.present,
      tombstone: evidence.tombstone,
      meta: evidence,
      absence,
      highest: journal.state.mark,
    });
    if (plan.do === 'remove' && plan.by === 'tombstone') {
      return { generation: plan.generation, tombstone: true };
    }
    // The watch saw it while etcd was asked, or broke: whoever noticed has it looked at again.
    if (this.#absences.get(id) !== noticed) return undefined;
    if (plan.do === 'keep') return this.#keep(id, plan.absence, 'ABSENT');
    return this.#passBrake(id, record, absence, plan.epoch);
  }

  #passBrake(
    id: string,
    record: ConfigRecord,
    absence: Absence,
    epoch: number,
  ): DecidedRemoval | undefined {
    const { view, journal } = this.#deps;
    const { brake: before, configs } = journal.state;
    const { resume } = view.meta;
    const brake = takeRemoval({ brake: before, epoch, appliedCount: configs.size, resume });
    if (!brake) return this.#keep(id, absence, 'BRAKE');
    // In the state at once: the next removal, decided meanwhile, must see that this one counts.
    journal.note({ t: 'brake', brake });
    return { generation: this.#highest(id, record), tombstone: false };
  }

  #highest(id: string, record: ConfigRecord): number {
    return highestAsked(record, this.#deps.journal.state.tries.get(id));
  }

  #notice(id: string): Noticed {
    const sinceMs = this.#deps.clock.now();
    const noticed = { absence: { sinceMs, mark: undefined }, reason: undefined };
    this.#absences.set(id, noticed);
    return noticed;
  }

  #keep(id: string, absence: Absence, reason: HeldReason): undefined {
    this.#absences.set(id, { absence, reason });
    return undefined;
  }
}

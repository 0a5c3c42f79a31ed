import type { Clock } from '#libs/lifecycle';
import { type AgentStatus, agentStatusOf } from '../domain/agent-statuses.ts';
import {
  type Completion,
  type ConfigRef,
  completionOf,
  situationOf,
} from '../domain/completion.ts';
import type { Facts } from '../domain/facts.ts';
import type { View } from '../domain/view.ts';
import type { Freshness } from '../probe/freshness.ts';
import type { LostHistory } from '../probe/lost-history.ts';
import type { AcceptedAnswer, AcceptedReader } from '../store/accepted-reader.ts';
import type { AcceptedStore } from '../store/accepted-store.ts';
import type { Breaker } from '../store/breaker.ts';
import type { ViewHolder } from '../watch/view-holder.ts';

/** A completion with everything that says what it is worth. */
export interface Answer extends ConfigRef {
  readonly completion: Completion;
  readonly asOf: AsOf;
  readonly acceptedKnown: boolean;
  /** Since when members are lost, as MySQL has it. */
  readonly lostSince: ReadonlyMap<string, Date>;
}

/** What an answer speaks of. */
export interface AsOf {
  readonly revision: number;
  /** 0: etcd holds none. */
  readonly epoch: number;
  readonly lagMs: number;
}

const NOBODY: ReadonlyMap<string, Date> = new Map();

export interface AnswererDeps {
  holder: Pick<ViewHolder, 'view' | 'isListed'>;
  freshness: Freshness;
  lost: Pick<LostHistory, 'unknownReason'>;
  reader: Pick<AcceptedReader, 'read'>;
  members: Pick<AcceptedStore, 'lostSince'>;
  breaker: Breaker;
  /** Asks for a heartbeat at once. */
  beatNow: () => void;
  clock: Clock;
}

/** Brings the view, its freshness and MySQL together. */
export class Answerer {
  readonly #deps: AnswererDeps;

  constructor(deps: AnswererDeps) {
    this.#deps = deps;
  }

  get view(): View {
    return this.#deps.holder.view;
  }

  /** Why the view cannot be trusted now; undefined: it can. */
  unknownReason(): string | undefined {
    const { holder, freshness, lost, clock } = this.#deps;
    if (!holder.isListed) return 'etcd has not been listed yet';
    return freshness.unknownReason(clock.monotonicMs()) ?? lost.unknownReason;
  }

  /** Whether the view shows all that is published: it can be trusted, and etcd is not being rebuilt. */
  get isWhole(): boolean {
    return this.unknownReason() === undefined && this.view.isReady;
  }

  asOf(): AsOf {
    const { freshness, clock } = this.#deps;
    const { revision, epoch } = this.view;
    const lagMs = freshness.lagMs(clock.monotonicMs());
    return { revision: Number(revision), epoch: epoch ?? 0, lagMs };
  }

  /** Asks MySQL. Never throws. */
  async accepted(refs: readonly ConfigRef[]): Promise<AcceptedAnswer> {
    return await this.#deps.reader.read(refs);
  }

  /** The facts of this moment. */
  facts(ref: ConfigRef, accepted: AcceptedAnswer): Facts {
    return {
      unknownReason: this.unknownReason(),
      acceptedKnown: accepted.known,
      accepted: accepted.accepted(ref),
      minAgents: accepted.minAgents(ref.env),
    };
  }

  /** Where a config stands at this moment; undefined: known nowhere. */
  situation(ref: ConfigRef, accepted: AcceptedAnswer) {
    return situationOf(this.view, ref, this.facts(ref, accepted));
  }

  /** Where one agent stands at this moment; undefined: it is no member. */
  agentStatus(ref: ConfigRef, accepted: AcceptedAnswer, agent: string): AgentStatus | undefined {
    return agentStatusOf(this.view, ref, { facts: this.facts(ref, accepted), agent });
  }

  /** Sends a heartbeat at once, and waits until the view holds everything from before this call. */
  async linearize(signal: AbortSignal): Promise<void> {
    const { freshness, clock, beatNow } = this.#deps;
    const sinceMs = clock.monotonicMs();
    const proven = freshness.provenSince(sinceMs, signal);
    beatNow();
    await proven;
  }

  /** The whole answers of this moment, as of one revision; those known nowhere are left out. */
  async answers(refs: readonly ConfigRef[], accepted: AcceptedAnswer): Promise<Answer[]> {
    const asOf = this.asOf();
    const found = refs.flatMap((ref) => {
      const completion = completionOf(this.view, ref, this.facts(ref, accepted));
      return completion ? [{ ...ref, completion }] : [];
    });
    const lostSince = await this.#lostSinceOf(found);
    return found.map(({ env, id, completion }) => ({
      ...{ env, id, completion, asOf },
      acceptedKnown: accepted.known,
      lostSince: lostSince.get(env) ?? NOBODY,
    }));
  }

  /** One question for each environment with lost members, however many configs they block. */
  async #lostSinceOf(
    found: readonly { env: string; completion: Completion }[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, Date>>> {
    const names = new Map<string, Set<string>>();
    for (const { env, completion } of found) {
      for (const { agent, reason } of completion.blockers) {
        if (reason !== 'LOST') continue;
        const lost = names.get(env) ?? new Set();
        names.set(env, lost.add(agent));
      }
    }
    const entries = await Promise.all(
      [...names].map(async ([env, lost]) => [env, await this.lostSince(env, [...lost])] as const),
    );
    return new Map(entries);
  }

  /** Since when these members are lost, as MySQL has it; without those that it does not say. */
  async lostSince(env: string, names: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    if (names.length === 0) return NOBODY;
    const { breaker, members } = this.#deps;
    return (await breaker.ask(() => members.lostSince(env, names))) ?? NOBODY;
  }
}

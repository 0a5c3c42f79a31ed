import type { EtcdKv } from '#libs/etcd';
import { type CallContext, failedPrecondition, invalidArgument } from '#libs/grpc';
import { type Clock, systemClock } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { RebaseGenerationsRequest, RebaseGenerationsResponseInput } from '#proto';
import { isSetBefore, planRebase, type RebasePlan, SEEN_MAX } from '../domain/rebase-plan.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { EtcdStateStore } from '../store/etcd-state-store.ts';
import { seenInEtcd } from '../store/seen-generations.ts';

/** Lifting stops here, and the caller goes on with another call: deadlines are 30 s at most. */
const LIFT_BUDGET_MS = 10_000;
/** Left of the call's deadline when lifting stops: for the count and the answer. */
const ANSWER_MS = 2_000;

export interface RebaseDeps {
  etcd: Pick<EtcdKv, 'list'>;
  epochs: Pick<EtcdStateStore, 'read' | 'raiseGenerationBase'>;
  store: Pick<ConfigStore, 'liftRows' | 'countBelow' | 'highestGeneration'>;
  /** Asks for a pass at once. */
  trigger: () => void;
  log: Logger;
  clock?: Clock;
}

/** Lifts all generations above everything that was ever seen: for a MySQL restored from a backup. */
export class RebaseService {
  readonly #deps: RebaseDeps;

  constructor(deps: RebaseDeps) {
    this.#deps = deps;
  }

  async rebase(
    request: RebaseGenerationsRequest,
    context: CallContext,
  ): Promise<RebaseGenerationsResponseInput> {
    const { base: requested, validateOnly } = request;
    if (!Number.isSafeInteger(requested) || requested < 0 || requested > SEEN_MAX * 2 - 1) {
      throw invalidArgument([{ field: 'base', description: 'must be a generation, or 0' }]);
    }
    const { epochs, store, trigger, log } = this.#deps;
    const { generationBase: current } = await epochs.read();
    const seen = isSetBefore(requested, current) ? 0 : await this.#seen(context.signal);
    const base = baseOf(planRebase({ requested, current, seen }));
    const answer = { base, seenGeneration: seen };
    if (validateOnly) {
      return { ...answer, liftedRows: 0, remainingRows: await store.countBelow(base) };
    }
    const { actor } = context;
    if (base > current) {
      log.warn({ base, seen, before: current, actor }, 'generations are rebased');
      // First: from its commit on nothing new is written at or below the base.
      await epochs.raiseGenerationBase(base);
    }
    const liftedRows = await this.#lift(base, context);
    const remainingRows = await store.countBelow(base);
    if (liftedRows > 0) log.warn({ base, liftedRows, remainingRows, actor }, 'generations lifted');
    trigger();
    return { ...answer, liftedRows, remainingRows };
  }

  async #seen(signal: AbortSignal): Promise<number> {
    const { store, etcd } = this.#deps;
    const inMysql = await store.highestGeneration();
    return Math.max(inMysql, await seenInEtcd(etcd, signal));
  }

  async #lift(base: number, context: CallContext): Promise<number> {
    const { actor, signal } = context;
    const { store, clock = systemClock } = this.#deps;
    const budgetMs = Math.min(LIFT_BUDGET_MS, context.remainingMs() - ANSWER_MS);
    const endMs = clock.monotonicMs() + budgetMs;
    let lifted = 0;
    // At least one batch: a caller with a short deadline gets on, too.
    do {
      signal.throwIfAborted();
      const count = await store.liftRows(base, actor);
      if (count === 0) break;
      lifted += count;
    } while (clock.monotonicMs() < endMs);
    return lifted;
  }
}

function baseOf(plan: RebasePlan): number {
  switch (plan.kind) {
    case 'rebase':
      return plan.base;
    case 'too_low':
      throw failedPrecondition('BASE_TOO_LOW', `generation ${plan.least} was seen: base it there`);
    case 'too_high':
      throw failedPrecondition('BASE_TOO_HIGH', `base must be at most ${plan.most}`);
    case 'exhausted':
      throw failedPrecondition('GENERATIONS_EXHAUSTED', 'no generations are left to rebase to');
    default:
      throw new TypeError('no such plan');
  }
}

import type { CompletionState, ConfigRef } from '../domain/completion.ts';
import {
  compareRanks,
  type EnvironmentStatus,
  environmentStatusOf,
  type Rank,
  rankOf,
} from '../domain/environment-status.ts';
import type { View } from '../domain/view.ts';
import type { AcceptedAnswer, AcceptedReader, RowsAnswer } from '../store/accepted-reader.ts';
import type { AcceptedStore } from '../store/accepted-store.ts';
import type { Breaker } from '../store/breaker.ts';
import type { Answer, Answerer } from './answerer.ts';

/** Configs looked at for one page: with a rare filter the page is short, and the next one goes on. */
const SCAN_MAX = 10_000;

export interface CompletionQuery {
  /** Undefined: all. */
  readonly env: string | undefined;
  readonly id: string | undefined;
  /** Empty: all. */
  readonly states: ReadonlySet<CompletionState>;
  /** Begin after this one. */
  readonly after: ConfigRef | undefined;
  readonly limit: number;
}

export interface CompletionPage {
  readonly answers: readonly Answer[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: ConfigRef | undefined;
}

export interface ListingDeps {
  answerer: Answerer;
  reader: AcceptedReader;
  store: Pick<AcceptedStore, 'envsWith'>;
  breaker: Breaker;
}

/** Answers about many configs: what the view has, and what MySQL has beyond it. */
export class Listing {
  readonly #deps: ListingDeps;

  constructor(deps: ListingDeps) {
    this.#deps = deps;
  }

  /** Ordered by env and id. */
  async completions(query: CompletionQuery): Promise<CompletionPage> {
    const { answerer } = this.#deps;
    const rows = await this.#readRows(query);
    const scanned = refsAfter(answerer.view, rows.rows, query, SCAN_MAX);
    const accepted = await this.#withMissing(scanned, rows);
    const refs: ConfigRef[] = [];
    let last: ConfigRef | undefined;
    for (const ref of scanned) {
      if (refs.length >= query.limit) break;
      last = ref;
      const state = answerer.situation(ref, accepted)?.state;
      if (state && (query.states.size === 0 || query.states.has(state))) refs.push(ref);
    }
    const isLast = last === scanned.at(-1) && scanned.length < SCAN_MAX;
    const answers = await answerer.answers(refs, accepted);
    return { answers, next: isLast ? undefined : last };
  }

  /** Every config of a query, ordered by env and id, also those that only MySQL knows. */
  async refs(about: Pick<CompletionQuery, 'env' | 'id'>): Promise<readonly ConfigRef[]> {
    const query = { ...about, after: undefined };
    const { rows } = await this.#readRows(query);
    return refsAfter(this.#deps.answerer.view, rows, query, Number.POSITIVE_INFINITY);
  }

  /** Undefined: it has neither members nor configs, for certain. */
  async environment(env: string): Promise<EnvironmentStatus | undefined> {
    const { answerer } = this.#deps;
    const rows = await this.#readRows({ env });
    const isKnown =
      answerer.view.env(env)?.isEmpty === false || rows.rows.length > 0 || rows.envs.length > 0;
    if (!isKnown && answerer.isWhole && rows.known) return undefined;
    return await this.#environment(env, rows);
  }

  /** Worst first, at most `limit` after `after`. */
  async environments(limit: number, after: Rank | undefined): Promise<EnvironmentStatus[]> {
    const rows = await this.#readRows({});
    const envs = envNames(this.#deps.answerer.view, [
      ...rows.rows.map(({ env }) => env),
      ...rows.envs,
    ]);
    const all: EnvironmentStatus[] = [];
    for (const env of envs) all.push(await this.#environment(env, rows));
    return all
      .filter((status) => !after || compareRanks(rankOf(status), after) > 0)
      .toSorted((a, b) => compareRanks(rankOf(a), rankOf(b)))
      .slice(0, limit);
  }

  /**
   * The environments in which a config is or is being deleted, ordered by name. Undefined: the view
   * has none, and MySQL cannot be asked.
   */
  async envsWith(id: string): Promise<string[] | undefined> {
    const { answerer, store, breaker } = this.#deps;
    const accepted = await breaker.ask(() => store.envsWith(id));
    const inView = [...answerer.view.envs].filter((env) => env.entries.get(id)?.target);
    if (!accepted && inView.length === 0) return undefined;
    return [...new Set([...(accepted ?? []), ...inView.map(({ name }) => name)])].toSorted();
  }

  /** What MySQL has beyond the view: all of it, while the view may lack what etcd was given. */
  async #readRows({ env, id, after }: Partial<CompletionQuery>): Promise<RowsAnswer> {
    const { answerer, reader } = this.#deps;
    return await reader.readRows({ env, id, after, published: !answerer.isWhole });
  }

  async #environment(env: string, rows: RowsAnswer): Promise<EnvironmentStatus> {
    const { answerer } = this.#deps;
    const query = { env, id: undefined, after: undefined };
    const refs = refsAfter(answerer.view, rows.rows, query, Number.POSITIVE_INFINITY);
    const accepted = await this.#withMissing(refs, rows);
    return environmentStatusOf(answerer.view, env, {
      ids: refs.map(({ id }) => id),
      factsOf: (id) => answerer.facts({ env, id }, accepted),
    });
  }

  /** Adds the rows of configs that etcd holds neither as a config nor as deleted. */
  async #withMissing(refs: readonly ConfigRef[], rows: RowsAnswer): Promise<AcceptedAnswer> {
    const { answerer, reader } = this.#deps;
    const missing = refs.filter((ref) => !hasTarget(answerer.view, ref) && !rows.accepted(ref));
    if (missing.length === 0 || !rows.known) return rows;
    const more = await reader.read(missing);
    return {
      ...rows,
      known: more.known,
      accepted: (ref) => rows.accepted(ref) ?? more.accepted(ref),
    };
  }
}

function hasTarget(view: View, { env, id }: ConfigRef): boolean {
  return view.env(env)?.entries.get(id)?.target !== undefined;
}

/** The configs of view and rows that a query is about, in order, at most `limit`. */
function refsAfter(
  view: View,
  rows: readonly ConfigRef[],
  { env: only, id, after }: Pick<CompletionQuery, 'env' | 'id' | 'after'>,
  limit: number,
): ConfigRef[] {
  const byEnv = Map.groupBy(rows, ({ env }) => env);
  const envs = only === undefined ? envNames(view, byEnv.keys()) : [only];
  const refs: ConfigRef[] = [];
  for (const env of envs) {
    if (after && env < after.env) continue;
    const from = after?.env === env ? after.id : '';
    const extra = (byEnv.get(env) ?? []).map((row) => row.id);
    for (const candidate of idsAfter(view.env(env)?.ids ?? [], extra, from)) {
      if (refs.length >= limit) return refs;
      if (id === undefined || candidate === id) refs.push({ env, id: candidate });
    }
  }
  return refs;
}

/** Ids above `from`, of a sorted list and of some more, in order and each once. */
function idsAfter(sorted: readonly string[], extra: readonly string[], from: string): string[] {
  const more = [...new Set(extra)].filter((id) => id > from);
  const rest = sorted.slice(lowerBound(sorted, from));
  if (more.length === 0) return rest;
  return [...new Set([...rest, ...more])].toSorted();
}

/** Index of the first text above `from`. */
function lowerBound(sorted: readonly string[], from: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') <= from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function envNames(view: View, more: Iterable<string>): string[] {
  const inView = [...view.envs].filter((env) => !env.isEmpty).map(({ name }) => name);
  return [...new Set([...inView, ...more])].toSorted();
}

import type { ConfigRef } from '../domain/completion.ts';
import { type Accepted, MIN_AGENTS_DEFAULT } from '../domain/facts.ts';
import type { AcceptedRow, AcceptedStore, RowsQuery } from './accepted-store.ts';
import type { Breaker } from './breaker.ts';
import { Gatherer } from './gatherer.ts';

/** Configs of one question: more are asked in the next. */
const BATCH_MAX = 1_000;
/** Settings remembered for the time without MySQL. */
const ENVS_MAX = 10_000;

/** What MySQL said, or that it did not. */
export interface AcceptedAnswer {
  readonly known: boolean;
  /** Undefined: never accepted, or not known. */
  accepted(ref: ConfigRef): Accepted | undefined;
  /** The last known setting when MySQL does not answer. */
  minAgents(env: string): number;
}

export interface AcceptedReaderDeps {
  store: Pick<AcceptedStore, 'configs' | 'minAgents' | 'rows'>;
  breaker: Breaker;
}

/**
 * What is accepted, read for each caller after it asked: callers that come while a question is under
 * way share the next one. Never throws, and answers in bounded time.
 */
export class AcceptedReader {
  readonly #deps: AcceptedReaderDeps;
  readonly #minAgents = new Map<string, number>();
  readonly #gatherer: Gatherer<ConfigRef, AcceptedAnswer>;

  constructor(deps: AcceptedReaderDeps) {
    this.#deps = deps;
    const ask = async (refs: readonly ConfigRef[]) => this.#answer(await this.#ask(refs));
    this.#gatherer = new Gatherer({ ask, keyOf, max: BATCH_MAX });
  }

  /** The rows of these configs and the settings of their environments. */
  async read(refs: readonly ConfigRef[]): Promise<AcceptedAnswer> {
    if (refs.length > BATCH_MAX) return await this.#readMany(refs);
    return await this.#gatherer.ask(refs);
  }

  /** The rows that a list needs beside the view, and the settings of their environments. */
  async readRows(query: RowsQuery): Promise<RowsAnswer> {
    const { store, breaker } = this.#deps;
    const { env } = query;
    const found = await breaker.ask(async () => ({
      rows: await store.rows(query),
      minAgents: await store.minAgents(env === undefined ? undefined : [env]),
    }));
    if (!found) return { ...this.#answer(undefined), rows: [], envs: [] };
    this.#remember(env === undefined ? [] : [env], found.minAgents);
    return {
      ...this.#answer(found.rows),
      rows: found.rows,
      envs: [...found.minAgents.keys()],
    };
  }

  async #readMany(refs: readonly ConfigRef[]): Promise<AcceptedAnswer> {
    const rows: AcceptedRow[] = [];
    for (let from = 0; from < refs.length; from += BATCH_MAX) {
      const slice = refs.slice(from, from + BATCH_MAX);
      const found = await this.#ask(slice);
      if (!found) return this.#answer(undefined);
      rows.push(...found);
    }
    return this.#answer(rows);
  }

  async #ask(refs: readonly ConfigRef[]): Promise<AcceptedRow[] | undefined> {
    const { store, breaker } = this.#deps;
    const envs = [...new Set(refs.map(({ env }) => env))];
    const found = await breaker.ask(() =>
      Promise.all([store.configs(refs), store.minAgents(envs)]),
    );
    if (!found) return undefined;
    const [rows, minAgents] = found;
    this.#remember(envs, minAgents);
    return rows;
  }

  #remember(envs: readonly string[], minAgents: ReadonlyMap<string, number>): void {
    if (this.#minAgents.size > ENVS_MAX) this.#minAgents.clear();
    for (const env of envs) this.#minAgents.delete(env);
    for (const [env, min] of minAgents) this.#minAgents.set(env, min);
  }

  #answer(rows: readonly AcceptedRow[] | undefined): AcceptedAnswer {
    const byKey = new Map(rows?.map((row) => [keyOf(row), row]));
    return {
      known: rows !== undefined,
      accepted: (ref) => byKey.get(keyOf(ref)),
      minAgents: (env) => this.#minAgents.get(env) ?? MIN_AGENTS_DEFAULT,
    };
  }
}

/** Rows, beside what the answer says of each. */
export interface RowsAnswer extends AcceptedAnswer {
  readonly rows: readonly ConfigRef[];
  /** Environments with settings of their own. */
  readonly envs: readonly string[];
}

function keyOf({ env, id }: ConfigRef): string {
  return `${env}/${id}`;
}

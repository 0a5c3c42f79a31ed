import type { ConfigRef } from '../domain/completion.ts';
import type { View } from '../domain/view.ts';
import type { LoggedChange } from './change-log.ts';
import type { ToldStates } from './told-states.ts';

/**
 * What a subscriber has yet to hear of. However often something changed it is in here once, so that
 * what waits for a slow subscriber is bounded by the number of configs.
 */
export class Backlog {
  #isAll = false;
  readonly #envs = new Set<string>();
  readonly #refs = new Map<string, ConfigRef>();

  get isEmpty(): boolean {
    return !this.#isAll && this.#envs.size === 0 && this.#refs.size === 0;
  }

  add({ env, id }: LoggedChange): void {
    if (env === undefined) this.#isAll = true;
    else if (id === undefined) this.#envs.add(env);
    else this.#refs.set(keyOf({ env, id }), { env, id });
  }

  /** It is about to be told. */
  delete(ref: ConfigRef): void {
    this.#refs.delete(keyOf(ref));
  }

  clear(): void {
    this.#isAll = false;
    this.#envs.clear();
    this.#refs.clear();
  }

  /** All of it, each config once, and empties it. What was told before may be in the view no more. */
  take(view: View, told: ToldStates): ConfigRef[] {
    const refs = new Map(this.#refs);
    const add = (env: string, ids: Iterable<string>) => {
      for (const id of ids) refs.set(keyOf({ env, id }), { env, id });
    };
    const envs = this.#isAll
      ? [...[...view.envs].map(({ name }) => name), ...told.envs]
      : [...this.#envs];
    for (const env of new Set(envs)) {
      add(env, view.env(env)?.entries.keys() ?? []);
      add(env, told.ids(env));
    }
    this.clear();
    return [...refs.values()];
  }
}

function keyOf({ env, id }: ConfigRef): string {
  return `${env}/${id}`;
}

import { createHash } from 'node:crypto';
import type { Answer } from '../answers/answerer.ts';
import type { ConfigRef } from '../domain/completion.ts';

/** Bytes of the hash that are kept: a change that hides behind it is not to be expected. */
const HASH_BYTES = 6;

/** What a subscriber was told last of each config: a number each. */
export class ToldStates {
  readonly #byEnv = new Map<string, Map<string, number>>();

  get envs(): Iterable<string> {
    return this.#byEnv.keys();
  }

  ids(env: string): Iterable<string> {
    return this.#byEnv.get(env)?.keys() ?? [];
  }

  /** Whether this differs from what was told; from now on it is told. */
  isNews(answer: Answer): boolean {
    const { env, id } = answer;
    const hash = hashOf(answer);
    const ids = this.#byEnv.get(env) ?? new Map<string, number>();
    if (ids.get(id) === hash) return false;
    this.#byEnv.set(env, ids.set(id, hash));
    return true;
  }

  /** Whether anything was told; nothing is from now on. */
  forget({ env, id }: ConfigRef): boolean {
    const ids = this.#byEnv.get(env);
    const wasTold = ids?.delete(id) ?? false;
    if (ids?.size === 0) this.#byEnv.delete(env);
    return wasTold;
  }
}

/** Of what a subscriber would call a change: neither how new the answer is nor whether MySQL spoke. */
function hashOf({ completion, lostSince }: Answer): number {
  const since = completion.blockers.map(({ agent }) => lostSince.get(agent)?.getTime());
  const text = JSON.stringify([completion, since]);
  return createHash('sha256').update(text).digest().readUIntBE(0, HASH_BYTES);
}

import { AGENT_PREFIX, CONFIG_PREFIX, STATUS_PREFIX, statusPrefix } from '#libs/keyspace';
import type { View } from '../domain/view.ts';

/** Statuses of a range, about: a few pages. */
const KEYS_AIM = 2_048;

/**
 * Where a list of everything is cut, so that etcd walks through few keys for each page. Statuses follow the
 * configs and the agents in the order of keys, so that the pages before tell how they lie.
 */
export class StatusBounds {
  readonly #view: View;
  #bounds: readonly string[] | undefined;

  /** `view`: as far as it was listed. */
  constructor(view: View) {
    this.#view = view;
  }

  /** The next bound behind `key`; undefined: none. */
  after(key: string): string | undefined {
    const folders = [AGENT_PREFIX, CONFIG_PREFIX, STATUS_PREFIX];
    const folder = folders.find((prefix) => prefix > key);
    if (folder !== undefined) return folder;
    this.#bounds ??= boundsOf(this.#view);
    return firstBehind(this.#bounds, key);
  }
}

/** Prefixes of configs, in order, with about as many statuses between them as is aimed at. */
function boundsOf(view: View): string[] {
  const bounds: string[] = [];
  let since = KEYS_AIM;
  // Environments come in the order of keys, as their agents were listed: small ones share a range.
  for (const { name, ids, members } of view.envs) {
    for (const id of ids) {
      if (since + members.length > KEYS_AIM) {
        bounds.push(statusPrefix(name, id));
        since = 0;
      }
      since += members.length;
    }
  }
  return bounds.toSorted();
}

function firstBehind(bounds: readonly string[], key: string): string | undefined {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? '') > key) high = middle;
    else low = middle + 1;
  }
  return bounds[low];
}

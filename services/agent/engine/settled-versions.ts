import type { ConfigVersion } from '../domain/record.ts';

/** Of each config: the one that is asked for, the one in force under it, and what came between. */
const VERSIONS_MAX = 4;

interface Settled {
  readonly version: ConfigVersion;
  readonly forGood: boolean;
}

/** Versions that failed and are not tried again: before the next list, or ever by this process. */
export class SettledVersions {
  readonly #byId = new Map<string, readonly Settled[]>();

  of(id: string): readonly ConfigVersion[] {
    return (this.#byId.get(id) ?? []).map(({ version }) => version);
  }

  /** `forGood`: not even after a list. */
  add(id: string, version: ConfigVersion, { forGood }: { forGood: boolean }): void {
    const before = this.#byId.get(id) ?? [];
    this.#byId.set(id, [...before, { version, forGood }].slice(-VERSIONS_MAX));
  }

  /** A list was taken in. */
  listed(): void {
    for (const id of this.#byId.keys()) this.reconsider(id);
  }

  /** What failed, but not for good, may be tried again. */
  reconsider(id: string): void {
    const kept = this.#byId.get(id)?.filter(({ forGood }) => forGood) ?? [];
    if (kept.length > 0) this.#byId.set(id, kept);
    else this.#byId.delete(id);
  }

  /** Another version is in force, or none. */
  forget(id: string): void {
    this.#byId.delete(id);
  }
}

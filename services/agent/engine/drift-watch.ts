import { isAbortError, type Run } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { DriftKind } from '../domain/record.ts';
import { Wake } from '../wake.ts';
import type { ApplierDeps } from './applier.ts';
import { type Drifted, findDrift, noteDrift } from './drift.ts';

/** A wake-up is never missed; this only bounds the wait. */
const IDLE_MS = 60_000;
/** Between two looks at what is in force while the driver cannot list it. */
const COMPARE_RETRY_MS = 1_000;
/** Looks that may fail in a row: a hiccup must not take back the proof of everything. */
const COMPARE_FAILURES_MAX = 3;
/** Drifted configs named in one line of the log. */
const DRIFTED_LOGGED_MAX = 20;

export interface DriftWatchDeps extends Omit<ApplierDeps, 'random'> {
  /** Whether something is being done about this config. */
  isBusy: (id: string) => boolean;
  /** Told of each config that is not in force as it was applied. */
  found: (id: string) => void;
  log: Logger;
}

/** Compares what the driver has in force with the journal, each time that it is asked to. */
export class DriftWatch {
  readonly #deps: DriftWatchDeps;
  readonly #asked = new Wake();

  constructor(deps: DriftWatchDeps) {
    this.#deps = deps;
  }

  /** Compares soon. */
  ask(): void {
    this.#asked.wake();
  }

  readonly run: Run = async (signal) => {
    let failures = 0;
    while (!signal.aborted) {
      await this.#asked.wait(signal, failures === 0 ? IDLE_MS : COMPARE_RETRY_MS);
      if (signal.aborted) return;
      try {
        this.#drifted(await findDrift(this.#deps, this.#deps.isBusy, signal));
        failures = 0;
      } catch (error) {
        if (signal.aborted && isAbortError(error)) return;
        failures += 1;
        this.#deps.log.warn({ err: error, failures }, 'what is in force cannot be listed');
        if (failures >= COMPARE_FAILURES_MAX) this.#drifted(this.#allUnreadable());
      }
    }
  };

  /** Says that these do not count before their repair begins. */
  #drifted(found: Drifted): void {
    const { drifted, reappeared, unconfirmed } = found;
    const ids = [...drifted.keys(), ...reappeared, ...unconfirmed.keys()];
    if (ids.length === 0) return;
    const shown = Object.fromEntries([...drifted].slice(0, DRIFTED_LOGGED_MAX));
    const fields = {
      ...{ count: drifted.size, drifted: shown },
      ...{ reappeared: reappeared.length, unconfirmed: unconfirmed.size },
    };
    this.#deps.log.warn(fields, 'what is in force is not what was applied');
    noteDrift(this.#deps, found);
    for (const id of ids) this.#deps.found(id);
  }

  /** Nobody can tell what is in force: nobody vouches for it, until it was put in force again. */
  #allUnreadable(): Drifted {
    const drifted = new Map<string, DriftKind>();
    for (const [id, { applied }] of this.#deps.journal.state.configs) {
      const isComparable = applied !== undefined && applied.content !== '';
      if (isComparable && !this.#deps.isBusy(id)) drifted.set(id, 'unreadable');
    }
    return { drifted, reappeared: [], unconfirmed: new Map() };
  }
}

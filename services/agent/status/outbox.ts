import { del, EtcdError, type EtcdKv, type Op, put, type Revision } from '#libs/etcd';
import { type AgentPhase, type Synced, statusKey } from '#libs/keyspace';
import { isAbortError, type Run, sleepUntilAborted } from '#libs/lifecycle';
import { createBackoff } from '#libs/reconcile';
import type { Logger } from '#libs/telemetry';
import type { Journal } from '../journal/journal.ts';
import type { Registrar } from '../membership/registrar.ts';
import type { Session } from '../membership/session.ts';
import { Patience } from '../patience.ts';
import { Wake } from '../wake.ts';
import type { Listed } from '../watch/environment-view.ts';
import { SessionWrites } from './session-writes.ts';
import { reportableIds, type StatusSource, statusText } from './status-source.ts';

// One next report per config, not a queue of reports: an id is marked, its text is taken from the
// journal when its transaction goes out, and what etcd holds already is not written again.

/** Statuses a transaction: below etcd's 128 operations. */
const BATCH_MAX = 120;
/** Spread of the full rewrites of all agents after a new epoch. */
const REWRITE_JITTER_MS = 500;
/** Between two looks whether the lease may be written under again. */
const NOT_WRITABLE_MS = 200;
/** What etcd holds until a write is answered: different from every text, so that it is repeated. */
const UNKNOWN = '?';
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;
/** A wake-up is never missed; this only bounds the wait. */
const IDLE_MS = 60_000;

export interface OutboxDeps {
  env: string;
  name: string;
  instance: string;
  kv: Pick<EtcdKv, 'txn' | 'range'>;
  journal: Pick<Journal, 'state'>;
  /** What is being done about configs at this moment. */
  active: () => ReadonlyMap<string, AgentPhase>;
  registrar: Pick<Registrar, 'synced' | 'writeOwn'>;
  /** The registration that stands. */
  session: () => Session | undefined;
  /** The last whole list. */
  listed: () => Listed | undefined;
  /** Create revision of the registration that the view shows. */
  registered: () => Revision | undefined;
  log: Logger;
  random: () => number;
}

/** What has been written in the current session and epoch. */
interface Written {
  readonly session: Session;
  /** 0: etcd held no epoch. */
  readonly epoch: number;
  /** Of the list that the full rewrite began with. */
  readonly listRevision: number;
  /** First list of the history that was written into. */
  readonly since: Revision;
  /** Empty: no key. */
  readonly texts: Map<string, string>;
}

/**
 * Writes the statuses: all of them at each registration and after the first list of each epoch, then
 * what changes. Says `synced` after each full rewrite. Writes only while the lease allows it.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #wake = new Wake();
  readonly #marked = new Set<string>();
  readonly #writes: SessionWrites;
  readonly #patience: Patience;
  #written: Written | undefined;
  #synced: Synced | undefined;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#patience = new Patience(deps);
    this.#writes = new SessionWrites({ ...deps, patience: this.#patience });
  }

  /** The status of this config may have changed. */
  mark(id: string): void {
    this.#marked.add(id);
    this.#wake.wake();
  }

  /** A registration stands or was seen, or a list was taken in. */
  wake(): void {
    this.#wake.wake();
  }

  /** etcd was away: it may have been restored from a backup, without the latest statuses. */
  reconnected(): void {
    this.#writes.doubt();
    this.#wake.wake();
  }

  /** What the registration that stands says; undefined before the first full rewrite. */
  get synced(): Synced | undefined {
    return this.#written?.session === this.#deps.session() ? this.#synced : undefined;
  }

  readonly run: Run = async (signal) => {
    const { log, random } = this.#deps;
    const backoff = createBackoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, random });
    while (!signal.aborted) {
      try {
        await this.#flush(signal);
        backoff.reset();
        this.#patience.reset();
        await this.#wake.wait(signal, IDLE_MS);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EtcdError) && !isAbortError(error)) throw error;
        log.warn({ err: error }, 'statuses were not written');
        const restMs = this.#patience.restAfter(error);
        await sleepUntilAborted(Math.max(backoff.next(), restMs), signal);
      }
    }
  };

  /** Writes until nothing is left or there is no registration to write under. */
  async #flush(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = this.#deps.session();
      const listed = this.#deps.listed();
      if (!session || session.lease.ended.aborted || !listed) return;
      // A view that does not show the registration may be of another history. If it stands, the watch
      // is about to tell.
      if (this.#deps.registered() !== session.createRevision) {
        await this.#writes.findRegistered(session, signal);
        return;
      }
      if (!session.lease.writable()) {
        await sleepUntilAborted(NOT_WRITABLE_MS, signal);
        continue;
      }
      // A new registration rewrites everything: there is nothing to doubt yet.
      if (this.#written?.session === session) await this.#writes.settleDoubt(signal);
      const written = await this.#begin(session, listed, signal);
      if (!(await this.#writes.fence(session, this.#synced ?? null, signal))) continue;
      if (await this.#writeBatch(written, signal)) continue;
      await this.#writeSynced(written, signal);
      if (this.#marked.size === 0) return;
    }
  }

  /** Marks everything when the session, the epoch or etcd's history is a new one. */
  async #begin(session: Session, listed: Listed, signal: AbortSignal): Promise<Written> {
    const epoch = listed.epoch ?? 0;
    const before = this.#written;
    const isRegistration = before?.session !== session;
    const isHistory = this.#writes.hasLost || before?.since !== listed.since;
    if (!isRegistration && !isHistory && before.epoch === epoch) return before;
    if (!isRegistration) {
      await sleepUntilAborted(this.#deps.random() * REWRITE_JITTER_MS, signal);
    }
    // Under an old lease nothing of ours is left; in an old epoch the texts differ anyway. Another
    // history may hold anything that was written under this lease, also what was deleted since.
    const texts = isRegistration ? new Map<string, string>() : before.texts;
    if (isHistory) for (const id of texts.keys()) texts.set(id, UNKNOWN);
    const { revision, since } = listed;
    const written = { session, epoch, listRevision: Number(revision), since, texts };
    this.#written = written;
    this.#synced = undefined;
    this.#writes.forgetLoss();
    if (isRegistration) this.#writes.begin(session);
    for (const id of [...reportableIds(this.#source()), ...texts.keys()]) this.#marked.add(id);
    return written;
  }

  /** Writes one transaction of marked statuses. False: none of them has changed. */
  async #writeBatch(written: Written, signal: AbortSignal): Promise<boolean> {
    const { env, name, log } = this.#deps;
    const { session, texts } = written;
    const batch = this.#takeBatch(written);
    if (batch.size === 0) return false;
    const success = [...batch].map(([id, text]): Op => {
      const key = statusKey(env, id, name);
      return text === undefined ? del(key) : put(key, text, session.lease.id);
    });
    for (const id of batch.keys()) texts.set(id, UNKNOWN);
    try {
      const isDone = await this.#writes.writeStatuses(session, success, signal);
      if (!isDone) return !session.lease.ended.aborted;
    } catch (error) {
      for (const id of batch.keys()) this.#marked.add(id);
      throw error;
    }
    for (const [id, text] of batch) texts.set(id, text ?? '');
    log.debug({ count: batch.size, epoch: written.epoch }, 'statuses written');
    return true;
  }

  /** Takes marks off until a transaction is full of texts that etcd does not hold. */
  #takeBatch({ epoch, texts }: Written): Map<string, string | undefined> {
    const { instance } = this.#deps;
    const batch = new Map<string, string | undefined>();
    for (const id of this.#marked) {
      if (batch.size >= BATCH_MAX) break;
      this.#marked.delete(id);
      const text = statusText(this.#source(), id, { instance, epoch });
      if ((text ?? '') !== (texts.get(id) ?? '')) batch.set(id, text);
    }
    return batch;
  }

  #source(): StatusSource {
    const { journal, active } = this.#deps;
    return { state: journal.state, active: active() };
  }

  /**
   * Says for which list the statuses stand. It is the one before the full rewrite, not the last one:
   * what came and went in between may be on its way into force without a status.
   */
  async #writeSynced(
    { session, epoch, listRevision }: Written,
    signal: AbortSignal,
  ): Promise<void> {
    if (epoch === 0 || this.#synced?.epoch === epoch || session.lease.ended.aborted) return;
    const synced = { epoch, revision: listRevision };
    if (!(await this.#writes.writeSynced(session, synced, signal))) return;
    this.#synced = synced;
    this.#deps.log.info(synced, 'synced');
  }
}

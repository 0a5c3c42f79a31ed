import {
  type EtcdKv,
  LeaseNotFoundError,
  type Op,
  OutcomeUnknownError,
  WriteAnchor,
} from '#libs/etcd';
import { agentKey, type Synced } from '#libs/keyspace';
import type { Logger } from '#libs/telemetry';
import type { Registrar } from '../membership/registrar.ts';
import type { Session } from '../membership/session.ts';
import type { Patience } from '../patience.ts';

export interface SessionWritesDeps {
  env: string;
  name: string;
  kv: Pick<EtcdKv, 'txn' | 'range'>;
  registrar: Pick<Registrar, 'synced' | 'writeOwn'>;
  patience: Pick<Patience, 'calls'>;
  log: Logger;
}

/**
 * The writes under a registration. Each proves that the registration stands and that etcd still has
 * what was written before; one that may still be on its way is fenced off before the next.
 */
export class SessionWrites {
  readonly #deps: SessionWritesDeps;
  /** The last write of statuses, and of the registration: every write proves that both still stand. */
  readonly #reported = new WriteAnchor({ isAlone: true });
  readonly #registered = new WriteAnchor({ isAlone: true });
  #isInDoubt = false;
  /** A write without an answer may still be on its way. */
  #isFenceDue = false;
  /** etcd is not what was written into. */
  #hasLost = false;

  constructor(deps: SessionWritesDeps) {
    this.#deps = deps;
  }

  /** A new registration: under another lease nothing that is still on its way gets through. */
  begin(session: Session): void {
    this.#isInDoubt = false;
    this.#isFenceDue = false;
    this.#reported.forget();
    this.#registered.wrote(agentKey(this.#deps.env, this.#deps.name), session.revision);
  }

  /** etcd may have lost what was written. */
  doubt(): void {
    this.#isInDoubt = true;
  }

  /** Whether etcd has lost writes since `forgetLoss`. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** What was lost is about to be written again. */
  forgetLoss(): void {
    this.#hasLost = false;
  }

  /** Finds out whether a doubt is right. Throws while etcd does not answer. */
  async settleDoubt(signal: AbortSignal): Promise<void> {
    if (!this.#isInDoubt) return;
    this.#isInDoubt = false;
    try {
      const { kv } = this.#deps;
      const anchors = [this.#reported, this.#registered];
      const lost = await Promise.all(
        anchors.map((anchor) => anchor.isLost(kv, this.#deps.patience.calls(signal))),
      );
      if (!lost.includes(true)) return;
    } catch (error) {
      this.#isInDoubt = true;
      throw error;
    }
    this.#noteLoss();
  }

  /**
   * Puts the registration anew, which every write compares: one that is still on its way is refused from
   * now on, and cannot replace what is written next. False: nothing was put.
   */
  async fence(session: Session, synced: Synced | null, signal: AbortSignal): Promise<boolean> {
    if (!this.#isFenceDue) return true;
    // Without a condition of its own a fence could itself land late.
    if (this.#registered.guard().length === 0 && !(await this.findRegistered(session, signal))) {
      return false;
    }
    if (!(await this.writeSynced(session, synced, signal))) return false;
    this.#isFenceDue = false;
    return true;
  }

  /** Learns at which revision the registration stands. False: it is not ours any more. */
  async findRegistered(session: Session, signal: AbortSignal): Promise<boolean> {
    const { kv, env, name } = this.#deps;
    const key = agentKey(env, name);
    const [found] = (await kv.range({ key, keysOnly: true }, this.#deps.patience.calls(signal)))
      .kvs;
    const { createRevision, lease } = session;
    if (found?.createRevision !== createRevision || found.lease !== lease.id) {
      endSession(session);
      return false;
    }
    this.#registered.wrote(key, found.modRevision);
    return true;
  }

  /** Writes statuses. False: the session has ended, or all has to be written again. */
  async writeStatuses(
    session: Session,
    success: readonly Op[],
    signal: AbortSignal,
  ): Promise<boolean> {
    return await this.#write({ session, success, anchor: this.#reported }, signal);
  }

  /** Says in the registration how far the agent is. False as for `writeStatuses`. */
  async writeSynced(
    session: Session,
    synced: Synced | null,
    signal: AbortSignal,
  ): Promise<boolean> {
    const success = [this.#deps.registrar.synced(session.lease.id, synced)];
    return await this.#write({ session, success, anchor: this.#registered }, signal);
  }

  /**
   * Writes under the session, after what was written before and still stands. False: nothing was
   * written; either the registration is gone, or all has to be written again.
   */
  async #write(
    { session, success, anchor }: { session: Session; success: readonly Op[]; anchor: WriteAnchor },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { createRevision } = session;
    const guards = [...this.#reported.guard(), ...this.#registered.guard()];
    try {
      const write = { createRevision, lease: session.lease.id, success, guards };
      const outcome = await this.#deps.registrar.writeOwn(write, this.#deps.patience.calls(signal));
      if (outcome.written) anchor.note(outcome.request, outcome.result);
      else if (outcome.isOurs) this.#noteLoss();
      else endSession(session);
      return outcome.written;
    } catch (error) {
      if (error instanceof OutcomeUnknownError) {
        anchor.mayBeOverwritten();
        this.#isInDoubt = true;
        this.#isFenceDue = true;
      }
      if (!(error instanceof LeaseNotFoundError)) throw error;
      endSession(session);
      return false;
    }
  }

  /** All has to be written again: which writes etcd has lost cannot be told. */
  #noteLoss(): void {
    this.#deps.log.warn({}, 'etcd has lost statuses: writing all of them again');
    this.#reported.forget();
    this.#registered.forget();
    this.#isFenceDue = true;
    this.#hasLost = true;
  }
}

/** etcd refused the write: the registration is gone. A new one rewrites everything. */
function endSession({ lease }: Session): void {
  lease.end('a status was refused: the registration is not ours');
}

import { ExitError } from '#libs/config';
import {
  type CallOptions,
  EtcdError,
  type EtcdKv,
  type Lease,
  type LeaseId,
  LeaseNotFoundError,
  type Revision,
} from '#libs/etcd';
import {
  aborted,
  type Clock,
  deriveSignal,
  isAbortError,
  type Run,
  sleepUntilAborted,
} from '#libs/lifecycle';
import { createBackoff } from '#libs/reconcile';
import type { Logger } from '#libs/telemetry';
import { AnsweredTime, planClaim } from '../domain/claim.ts';
import type { Journal } from '../journal/journal.ts';
import { Patience } from '../patience.ts';
import type { Registrar } from './registrar.ts';
import type { Session } from './session.ts';

/** Between two looks at a name that another instance holds, or at an etcd that does not answer. */
const CLAIM_EVERY_MS = 1_000;
/** Between two tries to register, as in the list-watch. */
const REGISTER_MIN_MS = 100;
const REGISTER_MAX_MS = 1_000;
/** Exit code of a process whose name is taken. */
export const DUPLICATE_EXIT_CODE = 3;

/** Another live agent has the name. Ends the process. */
export class DuplicateNameError extends ExitError {
  constructor(env: string, name: string) {
    super(DUPLICATE_EXIT_CODE, `duplicate agent name: another agent ${env}/${name} is registered`);
    this.name = 'DuplicateNameError';
  }
}

export interface MembershipDeps {
  env: string;
  name: string;
  instance: string;
  kv: Pick<EtcdKv, 'leaseRevoke'>;
  registrar: Pick<Registrar, 'create' | 'takeOver' | 'leave'>;
  journal: Pick<Journal, 'state' | 'append' | 'note'>;
  /** Grants a lease and keeps it alive. */
  openLease: (options: CallOptions) => Promise<Lease>;
  /** Told when a registration stands. */
  onSession: () => void;
  log: Logger;
  clock: Clock;
  random: () => number;
  /** Between two looks at a name that another instance holds; 1 s. */
  claimEveryMs?: number;
}

/**
 * Keeps the agent registered: one lease after another, each until it has surely ended. Leaves the
 * roster in a clean exit. Rejects with DuplicateNameError when the name is taken for good.
 */
export class Membership {
  readonly #deps: MembershipDeps;
  #session: Session | undefined;
  /** Lease of the process that had the state directory before, until it is revoked. */
  #predecessor: LeaseId;
  /** Highest revision at which the key was seen missing since the claim under way began. */
  #missingAt: Revision = 0n;
  readonly #patience: Patience;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
    this.#patience = new Patience(deps);
    this.#predecessor = deps.journal.state.lease;
  }

  /** The registration that stands, as far as is known. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The agent's own key was not there at this revision. */
  registrationMissing(revision: Revision): void {
    if (revision > this.#missingAt) this.#missingAt = revision;
    const session = this.#session;
    if (session && revision > session.revision) session.lease.end('the registration was deleted');
  }

  readonly run: Run = async (signal) => {
    const { log, random } = this.#deps;
    const backoff = createBackoff({ minMs: REGISTER_MIN_MS, maxMs: REGISTER_MAX_MS, random });
    const onRegistered = () => {
      backoff.reset();
      this.#patience.reset();
    };
    while (!signal.aborted) {
      let restMs = 0;
      try {
        await this.#oneSession(signal, onRegistered);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EtcdError) && !isAbortError(error)) throw error;
        log.warn({ err: error }, 'agent is not registered');
        restMs = this.#patience.restAfter(error);
      }
      await sleepUntilAborted(Math.max(backoff.next(), restMs), signal);
    }
  };

  /** Resolves when the lease has ended or the signal fired. */
  async #oneSession(signal: AbortSignal, onRegistered: () => void): Promise<void> {
    const { log, journal } = this.#deps;
    await this.#revokePredecessor();
    await using lease = await this.#deps.openLease(this.#patience.calls(signal));
    using both = deriveSignal(signal);
    const onEnded = () => both.abort(lease.ended.reason);
    lease.ended.addEventListener('abort', onEnded, { once: true });
    // Whoever gets the state directory next revokes it: written down before anything stands under it.
    await journal.append({ t: 'lease', lease: lease.id }).catch((error: unknown) => {
      log.warn({ err: error }, 'lease was not written down');
    });
    this.#missingAt = 0n;
    const session = await this.#claim(lease, both.signal);
    this.#session = session;
    // The watch may have been faster than the answer to the claim.
    this.registrationMissing(this.#missingAt);
    log.info({ lease: lease.id, createRevision: String(session.createRevision) }, 'registered');
    onRegistered();
    this.#deps.onSession();
    await aborted(both.signal);
    this.#session = undefined;
    if (lease.ended.aborted) log.warn({ err: lease.ended.reason as unknown }, 'registration lost');
    else await this.#leave(session);
  }

  async #claim(lease: Lease, signal: AbortSignal): Promise<Session> {
    const { registrar, instance, env, name, clock, log } = this.#deps;
    const heldByOther = new AnsweredTime();
    let next = () => registrar.create(lease.id, this.#patience.calls(signal));
    for (;;) {
      signal.throwIfAborted();
      let restMs = 0;
      try {
        const result = await next();
        if (result.claimed) return { lease, ...result };
        heldByOther.answered(clock.monotonicMs());
        const { holder } = result;
        const plan = planClaim({ holder, instance, heldByOtherMs: heldByOther.totalMs });
        if (plan.do === 'give-up') throw new DuplicateNameError(env, name);
        if (plan.do === 'take-over') {
          next = () => registrar.takeOver(lease.id, plan.holder, this.#patience.calls(signal));
          continue;
        }
        next = () => registrar.create(lease.id, this.#patience.calls(signal));
        if (plan.do === 'create') continue;
        log.warn({ holder: holder?.instance }, 'another agent has the name');
      } catch (error) {
        if (!(error instanceof EtcdError) || error instanceof LeaseNotFoundError) throw error;
        heldByOther.silent();
        log.warn({ err: error }, 'registration was not answered');
        restMs = this.#patience.restAfter(error);
      }
      await sleepUntilAborted(Math.max(this.#deps.claimEveryMs ?? CLAIM_EVERY_MS, restMs), signal);
      signal.throwIfAborted();
      await this.#revokePredecessor();
    }
  }

  /** A process that was killed still holds the name until its lease ends: ends it now. */
  async #revokePredecessor(): Promise<void> {
    const lease = this.#predecessor;
    if (lease === '') return;
    try {
      await this.#deps.kv.leaseRevoke(lease);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      if (!(error instanceof LeaseNotFoundError)) return;
    }
    this.#predecessor = '';
  }

  async #leave(session: Session): Promise<void> {
    const { registrar, clock, log, journal } = this.#deps;
    try {
      const left = await registrar.leave(
        session.createRevision,
        new Date(clock.now()).toISOString(),
      );
      log.info({ left }, left ? 'left the roster' : 'the registration was not ours any more');
      journal.note({ t: 'lease', lease: '' });
    } catch (error) {
      log.warn({ err: error }, 'the roster was not left: the agent will count as lost');
    }
  }
}

import type { ILeaseKeepAliveRequest, ILeaseKeepAliveResponse } from 'etcd3';
import { EtcdUnavailableError } from '#libs/etcd';
import type { Inbox, Routes } from './shared-stream.ts';

/** Beats without an answer, of all users: beyond them the stream is given up. */
const UNANSWERED_MAX = 20_000;

type User = Inbox<ILeaseKeepAliveResponse>;

/** Hands the answer to a beat to who sent it: they come in the order of the beats. */
export class KeepaliveRoutes implements Routes<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse> {
  readonly #write: (request: ILeaseKeepAliveRequest) => void;
  readonly #unanswered: { user: User; lease: string; sentAtMs: number }[] = [];

  constructor(write: (request: ILeaseKeepAliveRequest) => void) {
    this.#write = write;
  }

  get askedAtMs(): number | undefined {
    return this.#unanswered[0]?.sentAtMs;
  }

  send(user: User, request: ILeaseKeepAliveRequest): void {
    if (this.#unanswered.length >= UNANSWERED_MAX) {
      throw new EtcdUnavailableError('keepalive', `${UNANSWERED_MAX} beats were not answered`);
    }
    this.#unanswered.push({ user, lease: String(request.ID), sentAtMs: performance.now() });
    this.#write(request);
  }

  take(answer: ILeaseKeepAliveResponse): void {
    const at = this.#unanswered.findIndex(({ lease }) => lease === answer.ID);
    const [beat] = at < 0 ? [] : this.#unanswered.splice(at, 1);
    beat?.user.push(answer);
  }

  /** Its beats are still answered: to nobody. */
  leave(): void {}
}

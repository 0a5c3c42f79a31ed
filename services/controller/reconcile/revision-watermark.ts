import {
  type CallOptions,
  type EtcdKv,
  type RangeRequest,
  type RangeResult,
  type Revision,
  type TxnRequest,
  type TxnResult,
  WriteAnchor,
} from '#libs/etcd';
import type { SeenRevision } from '../domain/epoch-plan.ts';

/**
 * Calls to etcd that notice when its revision goes back: every answer here is linearizable, so one
 * below what was seen before the call was sent means that etcd was wiped or restored.
 */
export class RevisionWatermark implements Pick<EtcdKv, 'range' | 'txn'> {
  readonly #etcd: Pick<EtcdKv, 'range' | 'txn'>;
  readonly #onRewind: () => void;
  #seen: SeenRevision | undefined;
  readonly #anchor = new WriteAnchor({ isAlone: false });
  #history = 0;

  constructor(deps: { etcd: Pick<EtcdKv, 'range' | 'txn'>; onRewind: () => void }) {
    this.#etcd = deps.etcd;
    this.#onRewind = deps.onRewind;
  }

  /** The highest revision seen in the epoch last entered. */
  get seen(): SeenRevision | undefined {
    return this.#seen;
  }

  /** Begins anew: `epoch` is etcd's epoch, as of `revision`. Answers still under way do not count. */
  enter(epoch: number, revision: Revision): void {
    this.#history += 1;
    this.#anchor.forget();
    this.#seen = { epoch, revision };
  }

  /** etcd lost history of this epoch, although its revision may have overtaken what was seen. */
  rewound(epoch: number): void {
    if (this.#seen?.epoch === epoch) this.#seen = { ...this.#seen, rewound: true };
  }

  async range(request: RangeRequest, options?: CallOptions): Promise<RangeResult> {
    const observe = this.#beforeCall();
    const result = await this.#etcd.range(request, options);
    observe(result.revision);
    return result;
  }

  async txn(request: TxnRequest, options?: CallOptions): Promise<TxnResult> {
    const observe = this.#beforeCall();
    const history = this.#history;
    const result = await this.#etcd.txn(request, options);
    observe(result.revision);
    if (history === this.#history) this.#anchor.note(request, result);
    return result;
  }

  /**
   * Asks whether etcd lost the last write of this process in the epoch last entered: an answer that comes
   * after the next one was entered says nothing of it. Throws EtcdErrors.
   */
  async hasLostWrites(options: CallOptions): Promise<boolean> {
    const history = this.#history;
    const isLost = await this.#anchor.isLost(this.#etcd, options);
    return isLost && history === this.#history;
  }

  #beforeCall(): (revision: Revision) => void {
    const history = this.#history;
    const before = this.#seen;
    return (revision) => {
      if (!before || !this.#seen || history !== this.#history) return;
      if (revision < before.revision) this.#onRewind();
      else if (revision > this.#seen.revision) this.#seen = { ...this.#seen, revision };
    };
  }
}

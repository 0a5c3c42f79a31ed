// N agents as little as they can be: each has a watch of its own for configs, and answers each config
// with one status key, in a transaction of its own.

import type { WatchAnswer } from './etcd.ts';
import { endOf, openRawEtcd, type RawEtcd } from './etcd.ts';

/** Size of a status as the product writes it, about. */
const STATUS = Buffer.alloc(300, 'x');

/** Of a registration, in seconds; and how often it is renewed. */
const TTL_SECONDS = 5;
const BEAT_MS = 2_000;

export class BareAgents {
  readonly #etcd: RawEtcd;
  readonly #root: string;
  readonly #count: number;
  #failed: unknown;

  /** Below `root`, which ends in `/`. */
  constructor(endpoint: string, root: string, count: number) {
    this.#etcd = openRawEtcd(endpoint);
    this.#root = root;
    this.#count = count;
  }

  get configs(): string {
    return `${this.#root}config/`;
  }

  get registrations(): string {
    return `${this.#root}agent/`;
  }

  statuses(id: string): string {
    return `${this.#root}status/${id}/`;
  }

  /** Resolves once every agent watches; they do so until the process ends. */
  async watch(): Promise<void> {
    const stream = this.#etcd.watch();
    const key = Buffer.from(this.configs);
    const rangeEnd = endOf(this.configs);
    const agents = new Map<number, number>();
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', (answer: WatchAnswer) => {
        const watch = answer.watchId ?? 0;
        if (answer.created) agents.set(watch, agents.size);
        if (agents.size === this.#count) resolve();
        this.#report(agents.get(watch) ?? 0, answer);
      });
      for (let agent = 0; agent < this.#count; agent += 1) {
        stream.write({ createRequest: { key, rangeEnd } });
      }
    });
  }

  /** Throws what a status write has ended with. */
  check(): void {
    if (this.#failed !== undefined) throw this.#failed as Error;
  }

  /** Registers every agent, and again every other second under a new lease, until the end. */
  async beat(): Promise<() => void> {
    const beatOne = async (agent: number) => {
      const lease = await this.#etcd.grant(TTL_SECONDS);
      await this.#etcd.put({
        key: Buffer.from(`${this.registrations}${agent}`),
        value: Buffer.from('{}'),
        lease,
      });
    };
    const all = Array.from({ length: this.#count }, (_, agent) => agent);
    await Promise.all(all.map(beatOne));
    let next = 0;
    const timer = setInterval(() => {
      beatOne(next % this.#count).catch(this.#fail);
      next += 1;
    }, BEAT_MS / this.#count);
    return () => clearInterval(timer);
  }

  #report(agent: number, { events = [] }: WatchAnswer): void {
    for (const { kv } of events) {
      const id = kv?.key.toString().slice(this.configs.length) ?? '';
      const key = Buffer.from(`${this.statuses(id)}${agent}`);
      this.#etcd.txn([{ key, value: STATUS }]).catch(this.#fail);
    }
  }

  readonly #fail = (error: unknown): void => {
    this.#failed ??= error;
  };
}

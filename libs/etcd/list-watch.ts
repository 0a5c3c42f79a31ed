import type { Clock } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import type { EtcdClient } from './client.ts';
import type { ListWatchSink, Revision } from './types.ts';

export interface ListWatchDeps {
  client: EtcdClient;
  /** For logs. */
  name: string;
  /** Prefixes ending in "/", or exact keys. */
  ranges: readonly string[];
  sink: ListWatchSink;
  /** Time between full lists, varied by 10 %. */
  relistIntervalMs?: number;
  log: Logger;
  clock?: Clock;
  random?: () => number;
}

export class ListWatch {
  constructor(deps: ListWatchDeps) {
    void deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    void signal;
    throw new Error('soon');
  }

  async relist(signal: AbortSignal): Promise<Revision> {
    void signal;
    throw new Error('soon');
  }
}

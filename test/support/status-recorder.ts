import { type EtcdClient, ListWatch } from '#libs/etcd';
import { decodeStatus, type StatusValue, statusKey } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';

/** Everything that one agent ever said of one config, in order. Disposal ends the watch. */
export interface StatusRecorder extends AsyncDisposable {
  /** Each put of the status key; undefined for each delete. */
  readonly statuses: (StatusValue | undefined)[];
}

/** Watches the status of a config, from what it says now. Resolves once the watch has begun. */
export async function recordStatus(
  client: EtcdClient,
  { env, id, agent }: { env: string; id: string; agent: string },
): Promise<StatusRecorder> {
  const statuses: (StatusValue | undefined)[] = [];
  const listed = Promise.withResolvers<void>();
  const watch = new ListWatch({
    client,
    name: 'status',
    ranges: [statusKey(env, id, agent)],
    sink: {
      begin: () => ({
        page: (kvs) => {
          for (const { value } of kvs) statuses.push(decodeStatus(value));
        },
        commit: () => listed.resolve(),
      }),
      events: (events) => {
        for (const event of events) {
          statuses.push(event.type === 'put' ? decodeStatus(event.kv.value) : undefined);
        }
      },
    },
    log: silentLog,
  });
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await listed.promise;
  return {
    statuses,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

/** A status in short: what it claims, and how the last attempt went. */
export function claimOf(status: StatusValue | undefined): string {
  if (!status) return 'none';
  const { phase, applied, proof, last_attempt: last } = status;
  const attempt = `${last?.result} ${last?.reason}`.trim();
  return `${phase} ${applied?.generation} ${proof?.level ?? 'unproven'}: ${attempt}`;
}

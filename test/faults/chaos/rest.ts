import {
  CONFIG_PREFIX,
  configKey,
  decodeConfig,
  EPOCH_KEY,
  fixed20FromValue,
  READY_KEY,
  TOMBSTONE_PREFIX,
  tombstoneKey,
} from '#libs/keyspace';
import { KEYS } from './clients.ts';
import { markOf } from './disks.ts';
import type { History, Kept } from './history.ts';
import { agentName, type Place } from './place.ts';

/** What is not yet as it should be; undefined: MySQL, etcd, the agents and the answers say the same. */
export async function unrest(place: Place): Promise<string | undefined> {
  const rows = await rowsOf(place);
  const etcd = await etcdOf(place);
  if (typeof etcd === 'string') return etcd;
  for (const row of rows) {
    const { env, id, generation, digest, deleted } = row;
    const config = etcd.get(configKey(env, id));
    const tombstone = etcd.get(tombstoneKey(env, id));
    const value = config && decodeConfig(config);
    const isThere =
      value && !('foreign' in value) && value.generation === generation && value.digest === digest;
    const isRight = deleted
      ? config === undefined &&
        tombstone !== undefined &&
        fixed20FromValue(tombstone) === generation
      : isThere && tombstone === undefined;
    if (!isRight)
      return `etcd: ${env}/${id} is not generation ${generation}${deleted ? ' (deleted)' : ''}`;
  }
  for (const agent of place.system.agents.values()) {
    const files = await agent.files();
    for (const { env, id, deleted, mark } of rows) {
      if (env !== agent.env) continue;
      const text = files.get(id);
      const found = text === undefined ? undefined : markOf(text);
      if (found !== (deleted ? undefined : mark)) {
        return `${agentName(agent)}: ${id} is ${found ?? 'nothing'}, not ${deleted ? 'nothing' : mark}`;
      }
    }
  }
  return await unrestOfAnswers(place, rows);
}

async function unrestOfAnswers(place: Place, rows: readonly Kept[]): Promise<string | undefined> {
  const { client } = place.system.aggregator;
  const { completions } = await client.call('ListCompletions', { env: '-' }, { timeoutMs: 2_000 });
  const found = new Map(completions.map((entry) => [`${entry.env}/${entry.id}`, entry]));
  for (const { env, id, generation, deleted } of rows) {
    const entry = found.get(`${env}/${id}`);
    const wanted = `COMPLETION_STATE_${deleted ? 'DELETED' : 'COMPLETE'}`;
    if (entry?.state === wanted && entry.generation === generation) continue;
    // A delete that is long done is listed no more.
    return `answer: ${env}/${id} is ${entry?.state ?? 'not listed'} ${entry?.generation ?? ''}, not ${wanted} ${generation}`;
  }
  return undefined;
}

/** Everything under two prefixes, or why it is not settled. */
async function etcdOf({ etcd }: Place): Promise<Map<string, Buffer> | string> {
  const found = new Map<string, Buffer>();
  for (const prefix of [CONFIG_PREFIX, TOMBSTONE_PREFIX]) {
    for await (const { kvs } of etcd.list(prefix, { timeoutMs: 2_000 })) {
      for (const { key, value } of kvs) found.set(key, value);
    }
  }
  const [epoch, ready] = await Promise.all(
    [EPOCH_KEY, READY_KEY].map(async (key) => (await etcd.range({ key })).kvs[0]?.value.toString()),
  );
  return epoch !== undefined && epoch === ready ? found : 'etcd: not READY';
}

/** The epoch of etcd. */
export async function epochOf({ etcd }: Place): Promise<number> {
  const [kv] = (await etcd.range({ key: EPOCH_KEY })).kvs;
  return (kv && fixed20FromValue(kv.value)) ?? 0;
}

interface Row extends Kept {
  readonly digest: string;
}

async function rowsOf({ mysql }: Place): Promise<Row[]> {
  const rows = await mysql.db
    .selectFrom('ingress_config')
    .select(['env', 'id', 'generation', 'content', 'digest', 'deleted_at'])
    .execute();
  return rows.map(({ env, id, generation, content, digest, deleted_at: deletedAt }) => ({
    ...{ t: 'kept', env, id, generation, digest, mark: markOf(content) },
    deleted: deletedAt !== null,
  }));
}

/** Writes down every generation that MySQL's history holds. */
export async function recordKept({ mysql }: Place, history: History): Promise<void> {
  for (const { env, id } of KEYS) {
    const rows = await mysql.db
      .selectFrom('ingress_config_generation')
      .select(['generation', 'content', 'deleted'])
      .where('env', '=', env)
      .where('id', '=', id)
      .orderBy('generation')
      .execute();
    for (const { generation, content, deleted } of rows) {
      history.add({
        t: 'kept',
        env,
        id,
        generation,
        deleted: deleted === 1,
        mark: markOf(content),
      });
    }
  }
}

// An etcd and a MySQL that a test writes by hand, as controllers would, a real aggregator over them,
// and agents that are nothing but their keys. Every write is known by its revision, so that an
// answer can be asked for as of it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { del, type EtcdClient, type Op, openEtcd, put } from '#libs/etcd';
import { type GrpcClient, openClient } from '#libs/grpc';
import {
  configKey,
  EPOCH_KEY,
  encodeRoster,
  PASS_KEY,
  READY_KEY,
  rosterKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import {
  type EtcdServer,
  freePort,
  type MysqlServer,
  type Program,
  type ProgramOptions,
  startProgram,
} from '#local';
import type { Completion, StatusAggregatorDefinition } from '#proto';
import {
  ACCEPTED_AT,
  type ConfigOptions,
  configText,
  digestFor,
} from '#services/status-aggregator/domain/testing/story.ts';
import { eventually } from './eventually.ts';
import { KeysAgent } from './keys-agent.ts';
import { openOwnDatabase, openTestDatabase, ownEtcd, type TestDatabase } from './servers.ts';

/** Short, so that what hangs is noticed soon. */
export const HEARTBEAT_MS = 500;
/** Longest that an answer may go on without news: two heartbeats. */
export const BLIND_AFTER_MS = 2 * HEARTBEAT_MS;

/** The environment of calls that name none. */
export const ENV = '1';

/** What MySQL is told of a config. */
export interface AcceptOptions extends ConfigOptions {
  deleted?: boolean;
  /** Whether a controller has published it; true by default. */
  published?: boolean;
  /** When it was deleted; now by default. */
  deletedAt?: Date;
}

/** An answer, and when it was there. */
export interface Recorded {
  readonly atMs: number;
  readonly answer: Completion;
}

interface StartOptions {
  listen?: string;
  etcdEndpoints?: readonly string[];
}

/** Leaves the aggregator its processor. */
const RECORD_EVERY_MS = 5;

/** Disposal ends every process and removes their data. */
export class AggregatorPlace implements AsyncDisposable {
  readonly etcd: EtcdServer;
  readonly mysql: Mysql;
  readonly kv: EtcdClient;
  readonly #dir: string;
  readonly #database: TestDatabase;
  readonly #stack: AsyncDisposableStack;
  #aggregator: { program: Program; client: GrpcClient<StatusAggregatorDefinition> } | undefined;
  #metricsPort = 0;
  #revision = 0n;
  #epoch = 1;

  constructor(
    servers: { etcd: EtcdServer; database: TestDatabase },
    { dir, stack }: { dir: string; stack: AsyncDisposableStack },
  ) {
    this.etcd = servers.etcd;
    this.#database = servers.database;
    this.#dir = dir;
    this.#stack = stack;
    this.kv = stack.use(openEtcd({ endpoints: this.etcd.endpoints }, { log: silentLog }));
    this.mysql = stack.use(openMysql({ url: this.#database.url }, { log: silentLog }));
  }

  /** To stop, in a place that was opened with a MySQL of its own. */
  get mysqlServer(): MysqlServer {
    const { server } = this.#database;
    if (!server) throw new Error('the place has no MySQL of its own');
    return server;
  }

  /** Client of the newest aggregator. */
  get client(): GrpcClient<StatusAggregatorDefinition> {
    if (!this.#aggregator) throw new Error('no aggregator was started');
    return this.#aggregator.client;
  }

  get program(): Program {
    if (!this.#aggregator) throw new Error('no aggregator was started');
    return this.#aggregator.program;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Of the last write. */
  get revision(): number {
    return Number(this.#revision);
  }

  /** Starts an aggregator, which becomes the one that is asked. */
  async startAggregator(
    name = 'aggregator-1',
    options: { etcdEndpoints?: readonly string[] } = {},
  ): Promise<void> {
    const started = await startProgram(await this.programOptions(name, options));
    const program = this.#stack.use(started);
    const client = this.#stack.use(openClient('StatusAggregator', program.address));
    this.#aggregator = { program, client };
  }

  /** How an aggregator is started; `etcdEndpoints` puts a proxy between it and etcd. */
  async programOptions(
    name: string,
    { listen = '127.0.0.1:0', etcdEndpoints = this.etcd.endpoints }: StartOptions = {},
  ): Promise<ProgramOptions> {
    this.#metricsPort = await freePort();
    return {
      program: 'status-aggregator',
      args: [
        ...['--name', name, '--listen', listen],
        ...['--etcd-endpoints', etcdEndpoints.join(',')],
        ...['--mysql-url', this.#database.url],
        ...['--heartbeat', String(HEARTBEAT_MS / 1000), '--lease-ttl', '5'],
        ...['--metrics-listen', `127.0.0.1:${this.#metricsPort}`],
      ],
      logFile: join(this.#dir, `${name}.log`),
    };
  }

  /** Asks the one at `address` while `use` runs. */
  async ask(address: string, use: () => Promise<void>): Promise<void> {
    const before = this.#aggregator;
    await using client = openClient('StatusAggregator', address);
    this.#aggregator = { program: this.program, client };
    try {
      await use();
    } finally {
      this.#aggregator = before;
    }
  }

  /** Waits that the newest aggregator has under way, by its own gauge. */
  async waits(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`);
    const line = (await response.text()).match(/^rollcall_waits(?:\{.*\})? (\d+)/m);
    return Number(line?.[1] ?? Number.NaN);
  }

  /** Resolves once exactly so many waits are under way. */
  async untilWaits(count: number, timeoutMs = 10_000): Promise<void> {
    const look = async () => (await this.waits()) === count;
    await eventually(look, { timeoutMs, everyMs: 20, what: `${count} waits` });
  }

  /** One transaction. */
  async write(...success: Op[]): Promise<void> {
    this.wrote((await this.kv.txn({ compare: [], success })).revision);
  }

  /** A revision that answers have to show from now on. */
  wrote(revision: bigint): void {
    this.#revision = revision;
  }

  /** The controllers have completed a pass in this epoch. */
  async ready(epoch = this.#epoch): Promise<void> {
    await this.beginEpoch(epoch);
    await this.write(put(READY_KEY, toFixed20(epoch)), put(PASS_KEY, toFixed20(1)));
  }

  /** The controllers begin to rebuild. */
  async beginEpoch(epoch: number): Promise<void> {
    this.#epoch = epoch;
    await this.write(put(EPOCH_KEY, toFixed20(epoch)));
  }

  /** Publishes a config as MySQL has it. */
  async publish(id: string, generation: number, options: ConfigOptions = {}, env = ENV) {
    const value = configText(generation, options);
    await this.write(put(configKey(env, id), value), del(tombstoneKey(env, id)));
  }

  async publishDelete(id: string, generation: number, env = ENV): Promise<void> {
    await this.write(del(configKey(env, id)), put(tombstoneKey(env, id), toFixed20(generation)));
  }

  /** Writes the row, as a controller does before it publishes. */
  async accept(id: string, generation: number, options: AcceptOptions = {}, env = ENV) {
    const { deleted = false, published = true, deletedAt = new Date() } = options;
    const row = {
      ...{ generation, digest: digestFor(generation, options) },
      published_generation: published ? generation : generation - 1,
      deleted_at: deleted ? deletedAt : null,
    };
    await this.mysql.db
      .insertInto('ingress_config')
      .values({
        ...{ env, id, content: '{}', labels: '{}', completion_policy: 'APPLIED' },
        ...{ actor: 'test', note: '', traceparent: '' },
        ...{ accepted_at: new Date(ACCEPTED_AT), created_at: new Date(ACCEPTED_AT) },
        ...row,
      })
      .onDuplicateKeyUpdate(row)
      .execute();
  }

  /** Accepts and publishes: what a Set does. */
  async set(id: string, generation: number, options: ConfigOptions = {}, env = ENV) {
    await this.accept(id, generation, options, env);
    await this.publish(id, generation, options, env);
  }

  /** An agent that has registered, listed and reported. */
  async join(name: string, env = ENV): Promise<KeysAgent> {
    const agent = new KeysAgent(this, { env, name, instance: `${name}-1` });
    await agent.register();
    await agent.sync();
    return agent;
  }

  /** As a controller restores a member after a loss of etcd. */
  async restoreRoster(name: string, env = ENV): Promise<void> {
    const value = encodeRoster({ instance: `${name}-1`, joined_at: ACCEPTED_AT });
    await this.write(put(rosterKey(env, name), value));
  }

  /** To ask for an answer no older than the last write. */
  get after(): { epoch: number; revision: number; generation: number } {
    return { epoch: this.#epoch, revision: this.revision, generation: 0 };
  }

  /** The answer as of the last write, or a later one. */
  async completion(id: string, env = ENV): Promise<Completion> {
    const request = { env, id, after: this.after };
    return completionOf(await this.client.call('GetCompletion', request, { timeoutMs: 10_000 }));
  }

  /**
   * As `completion`, while the epoch is not the current one: there `after` says nothing.
   * `epoch`: as etcd holds it now, 0 for none; to be given when the revisions have begun anew.
   */
  async untilShown(id: string, env = ENV, epoch?: number): Promise<Completion> {
    const look = async () => {
      const now = await this.completionNow(id, env);
      const isEpoch = epoch === undefined || now.epoch === epoch;
      return isEpoch && now.asOfRevision >= this.revision && now;
    };
    return await eventually(look, { timeoutMs: 10_000, everyMs: 10, what: 'the last write' });
  }

  /** The answer of this moment. */
  async completionNow(id: string, env = ENV): Promise<Completion> {
    return completionOf(await this.client.call('GetCompletion', { env, id }));
  }

  /** The short state as of the last write. */
  async state(id: string, env = ENV): Promise<string> {
    return stateOf(await this.completion(id, env));
  }

  /** Asks until the state is this one; answers with the answer. */
  async untilState(id: string, state: string, env = ENV): Promise<Completion> {
    let last: Completion | undefined;
    const look = async () => {
      last = await this.completionNow(id, env);
      return stateOf(last) === state && last;
    };
    return await eventually(look, { timeoutMs: 15_000, everyMs: 20, what: `${id} ${state}` }).catch(
      (cause: unknown) => {
        throw new Error(`${id} stayed ${JSON.stringify(last)}`, { cause });
      },
    );
  }

  /** Asks without a pause until the returned function is called, which answers all that was said. */
  record(id: string): () => Promise<Recorded[]> {
    const recorded: Recorded[] = [];
    const over = new AbortController();
    const ask = async () => {
      while (!over.signal.aborted) {
        const answer = await this.completionNow(id);
        recorded.push({ atMs: performance.now(), answer });
        await delay(RECORD_EVERY_MS);
      }
    };
    const asking = ask();
    asking.catch(() => undefined);
    return async () => {
      over.abort();
      await asking;
      return recorded;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function completionOf({ completion }: { completion: Completion | null }): Completion {
  if (!completion) throw new Error('GetCompletion answered nothing');
  return completion;
}

/** The state without its prefix. */
export function stateOf({ state }: Pick<Completion, 'state'>): string {
  return state.slice('COMPLETION_STATE_'.length);
}

/** The counters that are not 0. */
export function countsOf({ counts }: Pick<Completion, 'counts'>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts ?? {}).filter(([, count]) => count !== 0));
}

/** Who blocks, each with the reason. */
export function blockersOf({ blockers }: Pick<Completion, 'blockers'>): string[] {
  return blockers.map(({ agent, reason }) => `${agent} ${reason}`);
}

/** Starts etcd and MySQL, in epoch 1 and READY, and an aggregator unless told otherwise. */
export async function openAggregatorPlace({
  aggregator = true,
  quotaBytes,
  ownMysql = false,
}: {
  aggregator?: boolean;
  /** etcd's; its own default when not given. */
  quotaBytes?: number;
  /** The test stops MySQL. */
  ownMysql?: boolean;
} = {}): Promise<AggregatorPlace> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-aggregator-'));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const database = stack.use(await (ownMysql ? openOwnDatabase() : openTestDatabase()));
  const etcd = stack.use(await ownEtcd(quotaBytes === undefined ? {} : { quotaBytes }));
  await migrate(database.url, silentLog);
  const place = new AggregatorPlace({ etcd, database }, { dir, stack: stack.move() });
  try {
    await place.ready();
    if (aggregator) await place.startAggregator();
    return place;
  } catch (error) {
    await place[Symbol.asyncDispose]();
    throw error;
  }
}

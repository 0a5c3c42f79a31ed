// Controllers as processes over an etcd and a MySQL of their own, and agents that are nothing but
// their keys, with no lease: they live and die when told to.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { del, type EtcdClient, type Op, openEtcd, put } from '#libs/etcd';
import { type Definitions, type GrpcClient, openClient } from '#libs/grpc';
import {
  agentKey,
  decodeRoster,
  encodeAgentRegistration,
  encodeRoster,
  type RosterValue,
  rosterKey,
} from '#libs/keyspace';
import { migrate } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, type MysqlServer, type Program, startProgram } from '#local';
import type { AgentInfo } from '#proto';
import { isReady, readMeta } from './data-path.ts';
import { eventually } from './eventually.ts';
import { openOwnDatabase, openTestDatabase, ownEtcd, type TestDatabase } from './servers.ts';

const JOINED_AT = '2026-11-23T09:00:00.000Z';
const SOON_MS = 15_000;

/** A structured line of a controller's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface ControllerPlaceOptions {
  controllers: number;
  /** Arguments of every controller. */
  args?: readonly string[];
  /** The test stops MySQL. */
  ownMysql?: boolean;
}

/** A controller's process and its client. */
export interface PlacedController {
  program: Program;
  client: GrpcClient<Definitions['Controller']>;
}

export class ControllerPlace implements AsyncDisposable {
  readonly etcd: EtcdServer;
  readonly kv: EtcdClient;
  readonly controllers: PlacedController[] = [];
  readonly #dir: string;
  /** Of the controllers' database. */
  readonly url: string;
  readonly #mysql: MysqlServer | undefined;
  readonly #args: readonly string[];
  readonly #stack: AsyncDisposableStack;

  constructor(
    stack: AsyncDisposableStack,
    servers: { etcd: EtcdServer; database: TestDatabase; kv: EtcdClient; dir: string },
    args: readonly string[],
  ) {
    this.#stack = stack;
    this.etcd = servers.etcd;
    this.kv = servers.kv;
    this.#dir = servers.dir;
    this.url = servers.database.url;
    this.#mysql = servers.database.server;
    this.#args = args;
  }

  /** To stop, in a place that was opened with a MySQL of its own. */
  get mysql(): MysqlServer {
    if (!this.#mysql) throw new Error('the place has no MySQL of its own');
    return this.#mysql;
  }

  /** The client of the first controller. */
  get client(): GrpcClient<Definitions['Controller']> {
    const [first] = this.controllers;
    if (!first) throw new Error('no controller was started');
    return first.client;
  }

  async start(): Promise<void> {
    const name = `controller-${this.controllers.length + 1}`;
    const servers = ['--etcd-endpoints', this.etcd.endpoints.join(','), '--mysql-url', this.url];
    const program = this.#stack.use(
      await startProgram({
        program: 'controller',
        args: ['--name', name, '--listen', '127.0.0.1:0', ...servers, ...this.#args],
        logFile: join(this.#dir, `${name}.log`),
      }),
    );
    const client = this.#stack.use(openClient('Controller', program.address));
    this.controllers.push({ program, client });
  }

  /** Kills every controller and starts as many. Their logs are kept. */
  async restartControllers(): Promise<void> {
    const old = this.controllers.splice(0);
    await Promise.all(old.map(async ({ program }) => await program.kill()));
    for (let count = old.length; count > 0; count -= 1) await this.start();
  }

  /** Takes all data from etcd, and waits until the controllers have rebuilt it. */
  async wipeEtcd(): Promise<void> {
    const { epoch } = await readMeta(this.kv);
    await this.etcd.kill();
    await this.etcd.wipe();
    await this.etcd.restart();
    const isRebuilt = async () =>
      (await readMeta(this.kv)).epoch > epoch && (await isReady(this.kv));
    await eventually(isRebuilt, { timeoutMs: SOON_MS, what: 'the new epoch' });
  }

  async register(env: string, name: string, instance = 'i1'): Promise<void> {
    const member = { instance, joined_at: JOINED_AT };
    const registration = {
      ...{ name, instance, started_at: JOINED_AT, ip: '127.0.0.1', grpc_port: 1, version: '0' },
      ...{ env_uuid: '', driver: 'noop', synced: null },
    };
    await this.#write(
      put(agentKey(env, name), encodeAgentRegistration(registration)),
      put(rosterKey(env, name), encodeRoster(member)),
    );
  }

  async crash(env: string, name: string): Promise<void> {
    await this.#write(del(agentKey(env, name)));
  }

  async leave(env: string, name: string): Promise<void> {
    await this.#write(del(agentKey(env, name)));
    await this.putRoster(env, name, { left_at: JOINED_AT });
  }

  async putRoster(env: string, name: string, value: RosterValue): Promise<void> {
    await this.#write(put(rosterKey(env, name), encodeRoster(value)));
  }

  /** What etcd's roster says of an agent. */
  async roster(env: string, name: string): Promise<RosterValue | undefined> {
    const { kvs } = await this.kv.range({ key: rosterKey(env, name) });
    return kvs[0] && decodeRoster(kvs[0].value);
  }

  /** The agents of an environment, as the first controller lists them. */
  async agents(env: string): Promise<AgentInfo[]> {
    return (await this.client.call('ListAgents', { env })).agents;
  }

  /** Waits until an environment's agents are these, each as `name LIVE` or `name LOST`. */
  async listed(env: string, expected: readonly string[]): Promise<AgentInfo[]> {
    const look = async () => {
      const agents = await this.agents(env);
      // A loss is in etcd first; since when, MySQL says.
      if (agents.some(({ state, lostSince }) => isLost(state) !== Boolean(lostSince))) return false;
      const shown = agents.map(({ name, state }) => `${name} ${isLost(state) ? 'LOST' : 'LIVE'}`);
      return JSON.stringify(shown) === JSON.stringify(expected) && agents;
    };
    return await eventually(look, { timeoutMs: SOON_MS, what: `${env}: ${expected.join()}` });
  }

  /** Log lines about an agent, of all controllers, as `msg`; every one of them, ordered by time. */
  async events(env: string, agent: string): Promise<LogLine[]> {
    const files = [...new Set(this.controllers.map(({ program }) => program.logFile))];
    const texts = await Promise.all(files.map(async (file) => await readFile(file, 'utf8')));
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith('{'));
    return lines
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line['env'] === env && line['agent'] === agent)
      .toSorted((a, b) => String(a['time']).localeCompare(String(b['time'])));
  }

  /** Waits until a message about an agent has been logged so often; returns these lines. */
  async told(env: string, agent: string, message: string, times = 1): Promise<LogLine[]> {
    const look = async () => {
      const lines = (await this.events(env, agent)).filter(({ msg }) => msg === message);
      return lines.length >= times && lines;
    };
    return await eventually(look, { timeoutMs: SOON_MS, what: `${message}: ${env}/${agent}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #write(...success: Op[]): Promise<void> {
    await this.kv.txn({ compare: [], success });
  }
}

/** Starts both servers and the controllers, and waits until etcd is ready. */
export async function openControllerPlace(
  options: ControllerPlaceOptions,
): Promise<ControllerPlace> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-controllers-'));
  stack.defer(async () => await rm(dir, { recursive: true, force: true }));
  const etcd = stack.use(await ownEtcd());
  const database = stack.use(await (options.ownMysql ? openOwnDatabase() : openTestDatabase()));
  const kv = stack.use(openEtcd({ endpoints: etcd.endpoints }, { log: silentLog }));
  await migrate(database.url, silentLog);
  const place = new ControllerPlace(stack.move(), { etcd, database, kv, dir }, options.args ?? []);
  try {
    for (let count = options.controllers; count > 0; count -= 1) await place.start();
    await eventually(() => isReady(kv), { timeoutMs: SOON_MS, what: 'READY' });
    return place;
  } catch (error) {
    await place[Symbol.asyncDispose]();
    throw error;
  }
}

function isLost(state: AgentInfo['state']): boolean {
  return state === 'AGENT_STATE_LOST';
}

// A whole system as real processes: etcd, MySQL, controllers, an aggregator and agents, each with a
// client. Disposal ends everything and removes its data.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GrpcClient, openClient } from '#libs/grpc';
import { READY_KEY } from '#libs/keyspace';
import { migrate, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, type MysqlServer, type Program, startEtcd, startProgram } from '#local';
import type {
  AgentDefinition,
  Completion,
  ControllerDefinition,
  StatusAggregatorDefinition,
} from '#proto';
import type { TlsFiles } from './certificates.ts';
import { ingressOf } from './configs.ts';
import { eventually } from './eventually.ts';
import { openOwnDatabase, openTestDatabase, type TestDatabase } from './servers.ts';

export interface SystemOptions {
  /** Number of controllers; 1 by default. */
  controllers?: number;
  /** Agents by environment: their number, or their names. */
  agents?: Readonly<Record<string, number | readonly string[]>>;
  /** TLS everywhere, mutual on gRPC. */
  tls?: TlsFiles;
  /** Arguments of every agent. */
  agentArgs?: readonly string[];
  /** Arguments of every controller. */
  controllerArgs?: readonly string[];
  /** The test stops MySQL, or looks at its data, which are in the folder `mysql` of `dir`. */
  ownMysql?: boolean;
  /** Members of etcd; 1 by default. */
  etcdMembers?: number;
  /** Of etcd's store. */
  etcdQuotaBytes?: number;
  /** Folders in place of those below the system's own: on another file system, say. */
  dirs?: Partial<Record<'etcd' | 'mysql' | 'agents', string>>;
  /** Endpoints by which a process reaches etcd: through proxies, say. */
  etcdFor?: (process: string, endpoints: readonly string[]) => Promise<readonly string[]>;
}

/** A process with its client. */
export interface Service<D> {
  readonly name: string;
  program: Program;
  client: GrpcClient<D>;
}

export interface AgentService extends Service<AgentDefinition> {
  readonly env: string;
  readonly stateDir: string;
  /** Canonical JSON by config id, as it stands on the agent's disk. */
  files(): Promise<Map<string, string>>;
  /** Starts the agent again after it ended. */
  restart(): Promise<void>;
}

export class System implements AsyncDisposable {
  readonly dir: string;
  readonly etcd: EtcdServer;
  readonly mysqlUrl: string;
  readonly controllers: Service<ControllerDefinition>[] = [];
  readonly agents = new Map<string, AgentService>();
  #aggregator: Service<StatusAggregatorDefinition> | undefined;
  readonly #mysql: MysqlServer | undefined;
  readonly #options: SystemOptions;
  readonly #stack = new AsyncDisposableStack();
  #controllersStarted = 0;

  constructor(
    dir: string,
    { etcd, database }: { etcd: EtcdServer; database: TestDatabase },
    options: SystemOptions,
  ) {
    this.dir = dir;
    this.etcd = etcd;
    this.mysqlUrl = database.url;
    this.#mysql = database.server;
    this.#options = options;
    this.#stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    this.#stack.use(database);
    this.#stack.use(this.etcd);
  }

  /** To stop, in a system that was opened with a MySQL of its own. */
  get mysql(): MysqlServer {
    if (!this.#mysql) throw new Error('the system has no MySQL of its own');
    return this.#mysql;
  }

  get aggregator(): Service<StatusAggregatorDefinition> {
    if (!this.#aggregator) throw new Error('no aggregator was started');
    return this.#aggregator;
  }

  /** The client of the first controller. */
  get controller(): GrpcClient<ControllerDefinition> {
    const [first] = this.controllers;
    if (!first) throw new Error('no controller was started');
    return first.client;
  }

  agent(path: string): AgentService {
    const agent = this.agents.get(path);
    if (!agent) throw new Error(`no agent ${path} was started`);
    return agent;
  }

  /** Starts one more controller; `etcdEndpoints` puts a proxy between it and etcd. */
  async startController(
    options: { etcdEndpoints?: readonly string[] } = {},
  ): Promise<Service<ControllerDefinition>> {
    this.#controllersStarted += 1;
    const name = `controller-${this.#controllersStarted}`;
    const program = await this.#start('controller', name, [
      ...(await this.#etcdArgs(name, options.etcdEndpoints)),
      ...this.#mysqlArgs(),
      ...(this.#options.controllerArgs ?? []),
    ]);
    const client = this.#client<'Controller'>('Controller', program.address);
    const service = { name, program, client };
    this.controllers.push(service);
    return service;
  }

  /** On a free port, or where `listen` says. */
  async startAggregator(options: { listen?: string } = {}): Promise<void> {
    const args = [...(await this.#etcdArgs('aggregator-1')), ...this.#mysqlArgs()];
    const program = await this.#start('status-aggregator', 'aggregator-1', args, options);
    const client = this.#client<'StatusAggregator'>('StatusAggregator', program.address);
    this.#aggregator = { name: 'aggregator-1', program, client };
  }

  /** Kills the aggregator and starts another one, with another client. */
  async restartAggregator(options: { listen?: string } = {}): Promise<void> {
    await this.aggregator.program.kill();
    await this.startAggregator(options);
  }

  /**
   * Resolves once it is registered and has reported everything. `variables`: of its process
   * environment, beside the test's own.
   */
  async startAgent(
    env: string,
    name: string,
    variables: Record<string, string> = {},
  ): Promise<AgentService> {
    const agents = this.#options.dirs?.agents ?? join(this.dir, 'agents');
    const stateDir = join(agents, env, name);
    const start = () => this.#startAgent(env, name, stateDir, variables);
    const program = await start();
    const client = this.#client<'Agent'>('Agent', program.address);
    const service: AgentService = {
      ...{ name, env, stateDir, program, client },
      files: () => readConfigs(join(stateDir, 'configs')),
      restart: async () => {
        service.program = await start();
        service.client = this.#client<'Agent'>('Agent', service.program.address);
      },
    };
    this.agents.set(`${env}/${name}`, service);
    // Without a controller there is no epoch to be in step with.
    const isInStep = async () => {
      const { registered, synced } = await service.client.call('GetAgent', {});
      return registered && (synced !== null || this.controllers.length === 0);
    };
    await eventually(isInStep, { timeoutMs: 15_000, what: `${env}/${name} in step` });
    return service;
  }

  /** Waits until a controller has made etcd READY: from then on a Set is PUBLISHED. */
  async ready(): Promise<void> {
    const look = async () => (await this.etcd.etcdctl('get', READY_KEY)) !== '';
    await eventually(look, { timeoutMs: 10_000, what: 'READY' });
  }

  /** Starts a second process with an agent's name, on a state directory of its own. */
  async startDuplicate(env: string, name: string): Promise<Program> {
    return await this.#startAgent(env, name, join(this.dir, 'duplicates', env, name));
  }

  /** Sets a config, by default a small Ingress, and answers what the controller says. */
  async set(env: string, id: string, config: object = ingressOf(`${id}.test`)) {
    const configJson = JSON.stringify(config);
    const { config: stored } = await this.controller.call('SetIngressConfig', {
      ...{ env, id, configJson },
    });
    if (!stored) throw new Error('Set answered nothing');
    return stored;
  }

  /** Deletes a config and answers what the controller says. */
  async delete(env: string, id: string) {
    const { config } = await this.controller.call('DeleteIngressConfig', { env, id });
    if (!config) throw new Error('Delete answered nothing');
    return config;
  }

  /** Waits until a config is in this state at this generation. */
  async state(env: string, id: string, state: string, generation?: number): Promise<Completion> {
    return await this.completion(
      env,
      id,
      (completion) =>
        completion.state === `COMPLETION_STATE_${state}` &&
        (generation === undefined || completion.generation === generation),
    );
  }

  /** Waits until MySQL knows every agent that was started, so that it survives etcd's loss. */
  async mirrored(): Promise<void> {
    const ca = this.#options.tls?.client().ca;
    await using mysql = openMysql(
      { url: this.mysqlUrl, ...(ca && { tls: { ca } }) },
      { log: silentLog },
    );
    const look = async () => {
      const rows = await mysql.db.selectFrom('agent_member').select(['env', 'name']).execute();
      return rows.length >= this.agents.size;
    };
    await eventually(look, { timeoutMs: 10_000, what: 'the roster in MySQL' });
  }

  /** Waits until the aggregator answers for a config what `accept` wants. */
  async completion(
    env: string,
    id: string,
    accept: (completion: Completion) => boolean,
    timeoutMs = 20_000,
  ): Promise<Completion> {
    let last: Completion | null = null;
    const look = async () => {
      const answer = await this.aggregator.client.call('GetCompletion', { env, id });
      last = answer.completion;
      return last !== null && accept(last) ? last : false;
    };
    try {
      return await eventually(look, { timeoutMs, what: `completion of ${env}/${id}` });
    } catch (error) {
      throw new Error(`completion of ${env}/${id} stayed ${JSON.stringify(last)}`, {
        cause: error,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #startAgent(
    env: string,
    name: string,
    stateDir: string,
    variables: Record<string, string> = {},
  ): Promise<Program> {
    const args = [
      ...['--env', env, '--state-dir', stateDir],
      ...(await this.#etcdArgs(`${env}/${name}`)),
      ...(this.#options.agentArgs ?? []),
    ];
    return await this.#start('agent', name, args, { logPrefix: `agent-${env}-`, variables });
  }

  async #start(
    program: 'controller' | 'status-aggregator' | 'agent',
    name: string,
    args: readonly string[],
    {
      listen = '127.0.0.1:0',
      logPrefix = '',
      variables = {},
    }: { listen?: string; logPrefix?: string; variables?: Record<string, string> } = {},
  ): Promise<Program> {
    const tls = this.#options.tls;
    const started = await startProgram({
      program,
      args: [
        ...['--name', name, '--listen', listen],
        ...(tls
          ? ['--tls-cert', tls.serverCert, '--tls-key', tls.serverKey, '--tls-client-ca', tls.ca]
          : []),
        ...args,
      ],
      env: variables,
      logFile: join(this.dir, `${logPrefix}${name}.log`),
    });
    return this.#stack.use(started);
  }

  #client<S extends 'Controller' | 'StatusAggregator' | 'Agent'>(service: S, address: string) {
    const tls = this.#options.tls?.client();
    return this.#stack.use(openClient(service, address, tls ? { tls } : {}));
  }

  async #etcdArgs(process: string, chosen?: readonly string[]): Promise<string[]> {
    const { tls, etcdFor } = this.#options;
    const own = this.etcd.endpoints;
    const endpoints = chosen ?? (await etcdFor?.(process, own)) ?? own;
    return [
      ...['--etcd-endpoints', endpoints.join(',')],
      ...(tls
        ? ['--etcd-ca', tls.ca, '--etcd-cert', tls.clientCert, '--etcd-key', tls.clientKey]
        : []),
    ];
  }

  #mysqlArgs(): string[] {
    const tls = this.#options.tls;
    return ['--mysql-url', this.mysqlUrl, ...(tls ? ['--mysql-ca', tls.ca] : [])];
  }
}

/** Starts a system and waits until every part serves. */
export async function openSystem(options: SystemOptions = {}): Promise<System> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-system-'));
  const tls = options.tls?.servers();
  await using opened = new AsyncDisposableStack();
  const needsOwn = options.ownMysql || tls;
  const database = opened.use(
    needsOwn
      ? await openOwnDatabase({ dir: options.dirs?.mysql ?? join(dir, 'mysql'), tls })
      : await openTestDatabase(),
  );
  const etcd = opened.use(
    await startEtcd({
      dir: options.dirs?.etcd ?? join(dir, 'etcd'),
      ...(options.etcdQuotaBytes !== undefined && { quotaBytes: options.etcdQuotaBytes }),
      members: options.etcdMembers ?? 1,
      ...(tls && { tls }),
    }),
  );
  const ca = options.tls?.client().ca;
  const system = new System(dir, { etcd, database }, options);
  opened.move();
  try {
    await migrate({ url: database.url, ...(ca && { tls: { ca } }) }, silentLog);
    await startServices(system, options);
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}

async function startServices(system: System, options: SystemOptions): Promise<void> {
  const controllers = options.controllers ?? 1;
  for (let count = controllers; count > 0; count -= 1) await system.startController();
  if (controllers > 0) await system.ready();
  await system.startAggregator();
  for (const [env, wanted] of Object.entries(options.agents ?? {})) {
    const names =
      typeof wanted === 'number'
        ? Array.from({ length: wanted }, (_, index) => `agent-${index + 1}`)
        : wanted;
    await Promise.all(names.map((name) => system.startAgent(env, name)));
  }
}

async function readConfigs(dir: string): Promise<Map<string, string>> {
  const names = await readdir(dir).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const entries = await Promise.all(
    files.map(async (name) => {
      // Removed since it was listed: as good as never listed.
      const text = await readFile(join(dir, name), 'utf8').catch(() => undefined);
      return [name.slice(0, -'.json'.length), text] as const;
    }),
  );
  return new Map(
    entries.flatMap(([id, text]) => (text === undefined ? [] : [[id, text] as const])),
  );
}

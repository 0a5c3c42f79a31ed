// An etcd whose keys a test writes by hand, as a controller would, and agents as real processes.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { del, type EtcdClient, openEtcd, put } from '#libs/etcd';
import { type GrpcClient, openClient } from '#libs/grpc';
import {
  type AgentRegistration,
  agentKey,
  canonicalJson,
  configKey,
  decodeAgentRegistration,
  decodeStatus,
  digestOf,
  EPOCH_KEY,
  encodeConfig,
  PASS_KEY,
  READY_KEY,
  rosterKey,
  type StatusValue,
  statusKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { type EtcdServer, type Exit, launchProgram, type Program, startProgram } from '#local';
import type { AgentDefinition } from '#proto';
import { ownEtcd } from './servers.ts';

/** An agent's process and a client of it. */
export interface PlacedAgent {
  readonly program: Program;
  readonly client: GrpcClient<AgentDefinition>;
}

/** One environment, called `e`. Disposal ends all its processes and removes their data. */
export class AgentPlace implements AsyncDisposable {
  readonly dir: string;
  readonly etcd: EtcdServer;
  readonly kv: EtcdClient;
  readonly #stack: AsyncDisposableStack;

  constructor(dir: string, etcd: EtcdServer, kv: EtcdClient, stack: AsyncDisposableStack) {
    this.dir = dir;
    this.etcd = etcd;
    this.kv = kv;
    this.#stack = stack;
  }

  stateDir(name: string): string {
    return join(this.dir, name);
  }

  args(name: string, more: readonly string[] = [], stateDir = this.stateDir(name)): string[] {
    const etcd = this.etcd.endpoints.join(',');
    const own = ['--name', name, '--env', 'e', '--state-dir', stateDir];
    return [...own, '--etcd-endpoints', etcd, ...more];
  }

  /** Starts an agent with the state that an earlier one of its name left, or with another. */
  async start(name: string, more: readonly string[] = [], stateDir?: string): Promise<PlacedAgent> {
    const logFile = join(this.dir, `${name}.log`);
    const args = this.args(name, more, stateDir);
    const program = await startProgram({ program: 'agent', args, logFile });
    this.#stack.use(program);
    const client = openClient('Agent', program.address);
    this.#stack.use(client);
    return { program, client };
  }

  /** Starts an agent that is expected to end by itself; resolves with how, and with what it said. */
  async startRefused(log: string, args: readonly string[]): Promise<Exit & { output: string }> {
    const logFile = join(this.dir, `${log}.log`);
    const { child } = launchProgram({ program: 'agent', args, logFile });
    this.#stack.use(child);
    return { ...(await child.exited), output: await readFile(logFile, 'utf8') };
  }

  /** Contents by id, as the file driver keeps them. */
  async files(name: string): Promise<Record<string, string>> {
    const dir = join(this.stateDir(name), 'configs');
    const files: Record<string, string> = {};
    for (const file of (await readdir(dir)).toSorted()) {
      if (!file.endsWith('.json')) continue;
      files[file.replace(/\.json$/, '')] = await readFile(join(dir, file), 'utf8');
    }
    return files;
  }

  /** Publishes a config; answers its canonical content. */
  async set(id: string, generation: number, config: object): Promise<string> {
    const content = canonicalJson(config);
    const value = encodeConfig({
      generation,
      digest: digestOf(content, 'APPLIED'),
      completionPolicy: 'APPLIED',
      labels: {},
      acceptedAt: '2026-01-01T00:00:00.000Z',
      createdAt: '2026-01-01T00:00:00.000Z',
      traceparent: '',
      content,
    });
    const success = [put(configKey('e', id), value), del(tombstoneKey('e', id))];
    await this.kv.txn({ compare: [], success });
    return content;
  }

  /** Deletes a config with its tombstone. */
  async remove(id: string, generation: number): Promise<void> {
    const success = [del(configKey('e', id)), put(tombstoneKey('e', id), toFixed20(generation))];
    await this.kv.txn({ compare: [], success });
  }

  /** Writes the meta keys of a READY etcd. */
  async ready(epoch: number, pass: number): Promise<void> {
    const value = toFixed20(epoch);
    await this.kv.txn({
      compare: [],
      success: [put(EPOCH_KEY, value), put(READY_KEY, value), put(PASS_KEY, toFixed20(pass))],
    });
  }

  async putKey(key: string, value: string): Promise<void> {
    await this.kv.txn({ compare: [], success: [put(key, value)] });
  }

  async deleteKey(key: string): Promise<void> {
    await this.kv.txn({ compare: [], success: [del(key)] });
  }

  async status(id: string, agent: string): Promise<StatusValue | undefined> {
    const value = await this.#value(statusKey('e', id, agent));
    return value && decodeStatus(value);
  }

  async registration(agent: string): Promise<AgentRegistration | undefined> {
    const value = await this.#value(agentKey('e', agent));
    return value && decodeAgentRegistration(value);
  }

  async roster(agent: string): Promise<Record<string, string> | undefined> {
    const value = await this.#value(rosterKey('e', agent));
    return value && (JSON.parse(value.toString()) as Record<string, string>);
  }

  async #value(key: string): Promise<Buffer | undefined> {
    return (await this.kv.range({ key })).kvs[0]?.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Starts an etcd for agents. */
export async function openAgentPlace(): Promise<AgentPlace> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-agents-'));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const etcd = stack.use(await ownEtcd());
  const kv = stack.use(openEtcd({ endpoints: etcd.endpoints }, { log: silentLog }));
  return new AgentPlace(dir, etcd, kv, stack.move());
}

import type { KeyValue, TxnResult } from '#libs/etcd';
import {
  agentKey,
  configKey,
  decodeStatus,
  digestOf,
  EPOCH_KEY,
  encodeConfig,
  PASS_KEY,
  READY_KEY,
  type StatusValue,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { AgentEvent } from '../domain/agent-event.ts';
import { contentHash, type Driver, type DriverError } from '../drivers/driver.ts';
import { Engine } from '../engine/engine.ts';
import type { Journal } from '../journal/journal.ts';
import { type JournalEntry, JournalMemory } from '../journal/journal-state.ts';
import { statusText } from '../status/status-source.ts';
import { EnvironmentView } from '../watch/environment-view.ts';

const author = { instance: 'i', epoch: 1 };

const keyValue = (key: string, value: string, modRevision = 1n): KeyValue => {
  const bytes = Buffer.from(value);
  return { key, value: bytes, createRevision: 1n, modRevision, lease: '0' };
};

/** The value of a config whose content names its generation. */
export function configValue(generation: number): string {
  const content = `{"g":${generation}}`;
  const digest = digestOf(content, 'APPLIED');
  const rest = {
    completionPolicy: 'APPLIED',
    labels: {},
    acceptedAt: '',
    traceparent: '',
    createdAt: '2026-01-01T00:00:00.000Z',
  } as const;
  return encodeConfig({ generation, digest, content, ...rest });
}

/** A driver that takes notes, fails on demand and can be made to wait. */
export class ScriptedDriver implements Driver {
  readonly name = 'scripted';
  readonly concurrency?: number;
  readonly inForce = new Map<string, string>();
  readonly calls: string[] = [];
  readonly failures = new Map<string, DriverError>();
  listFailure: DriverError | undefined;
  gate: Promise<void> = Promise.resolve();

  constructor(concurrency?: number) {
    if (concurrency !== undefined) this.concurrency = concurrency;
  }

  async validate(): Promise<void> {
    await Promise.resolve();
  }

  async apply({ id, content, generation }: Parameters<Driver['apply']>[0]): Promise<void> {
    this.calls.push(`apply ${id} ${generation}`);
    await this.gate;
    const failure = this.failures.get(id);
    if (failure) throw failure;
    this.inForce.set(id, content);
  }

  async remove(id: string): Promise<void> {
    this.calls.push(`remove ${id}`);
    const failure = this.failures.get(id);
    if (failure) throw failure;
    this.inForce.delete(id);
  }

  async verify() {
    return { level: 'APPLIED', method: 'test' } as const;
  }

  async *list() {
    if (this.listFailure) throw this.listFailure;
    for (const [id, content] of this.inForce) yield { id, hash: contentHash(content) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.inForce.clear();
  }
}

/** A journal that keeps its facts' names in `facts` and nothing on disk. */
function journalOver(memory: JournalMemory, facts: string[]): Journal {
  const take = (entries: JournalEntry[]) => {
    for (const entry of entries) {
      facts.push(entry.t);
      memory.take(entry);
    }
  };
  return {
    state: memory,
    condition: 'intact',
    append: async (...entries) => take(entries),
    note: (...entries) => take(entries),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What etcd answers to whoever looks for evidence about x. */
function readX(etcd: ReadonlyMap<string, string>): TxnResult {
  const keys = [configKey('e', 'x'), tombstoneKey('e', 'x'), EPOCH_KEY, READY_KEY, PASS_KEY];
  const results = keys.map((key) => {
    const value = etcd.get(key);
    const kvs = value === undefined ? [] : [keyValue(key, value)];
    return { kind: 'range', kvs, count: kvs.length, more: false } as const;
  });
  return { succeeded: true, revision: 1n, results };
}

/** What tests do to etcd. The view sees it at once. */
function actsOn(etcd: Map<string, string>, view: EnvironmentView) {
  return {
    list: () => {
      const sink = view.begin();
      sink.page([...etcd].map(([key, value]) => keyValue(key, value)));
      sink.commit(1n);
    },
    put: (key: string, value: string, modRevision = 1n) => {
      etcd.set(key, value);
      view.events([{ type: 'put', kv: keyValue(key, value, modRevision) }]);
    },
    remove: (key: string) => {
      etcd.delete(key);
      view.events([{ type: 'delete', key, modRevision: 1n }]);
    },
    /** There and gone again between two looks. */
    blink: (key: string, value: string) => {
      const put = { type: 'put', kv: keyValue(key, value) } as const;
      view.events([put, { type: 'delete', key, modRevision: 1n }]);
    },
    ready: (epoch: number, pass: number) => {
      for (const key of [EPOCH_KEY, READY_KEY]) etcd.set(key, toFixed20(epoch));
      etcd.set(PASS_KEY, toFixed20(pass));
      const keys = [EPOCH_KEY, READY_KEY, PASS_KEY];
      view.events(
        keys.map((key) => ({ type: 'put', kv: keyValue(key, etcd.get(key) ?? '') }) as const),
      );
    },
  };
}

/** An engine over an etcd that is a map: what a test writes is seen at once by view and reads. */
export function openEngine({ concurrency }: { concurrency?: number } = {}) {
  const etcd = new Map<string, string>([[agentKey('e', 'a'), '{}']]);
  const driver = new ScriptedDriver(concurrency);
  const memory = new JournalMemory();
  const facts: string[] = [];
  const journal = journalOver(memory, facts);
  const stop = new AbortController();
  const view: EnvironmentView = new EnvironmentView('e', 'a', {
    listed: () => engine.listed(),
    present: (id) => engine.present(id),
    changed: (ids) => engine.changed(ids),
    metaChanged: () => engine.metaChanged(),
    connected: () => engine.interrupted(),
    registrationSeen: () => undefined,
    registrationMissing: () => undefined,
  });
  const clock = { now: () => 0, monotonicMs: () => 0 };
  /** Statuses of x as they were whenever they may have changed. */
  const reported: StatusValue[] = [];
  const report = (id: string) => {
    const text = statusText({ state: memory, active: engine.active }, id, author);
    const status = text && decodeStatus(Buffer.from(text));
    if (id === 'x' && status) reported.push(status);
  };
  const told: AgentEvent[] = [];
  const tell = (event: AgentEvent) => void told.push(event);
  const common = { view, journal, driver, report, tell, clock, log: silentLog, random: () => 0 };
  const engine: Engine = new Engine({
    ...common,
    env: 'e',
    name: 'a',
    kv: { txn: async () => readX(etcd) },
  });
  const running = engine.run(stop.signal);
  return {
    engine,
    driver,
    journal,
    clock,
    random: () => 0,
    report,
    memory,
    reported,
    told,
    facts,
    etcd,
    ...actsOn(etcd, view),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Lets everything happen that does not wait for a timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
}

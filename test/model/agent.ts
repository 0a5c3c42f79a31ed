import type { Lease } from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import { contentHash, type Driver } from '#services/agent/drivers/driver.ts';
import type { Journal } from '#services/agent/journal/journal.ts';
import type { JournalEntry } from '#services/agent/journal/journal-state.ts';
import type { Random } from '#test/random';
import { ModelListWatch } from './list-watch.ts';
import { EtcdPort } from './ports.ts';
import type { Process } from './scheduler.ts';
import type { Truth } from './truth.ts';
import type { Stage } from './world.ts';

/** A version in force on a host. */
export interface InForce {
  readonly generation: number;
  readonly digest: string;
  readonly hash: string;
}

/** What survives the death of an agent's process: its disk. */
export class AgentHost {
  readonly env: string;
  readonly name: string;
  readonly inForce = new Map<string, InForce>();
  readonly entries: JournalEntry[] = [];
  /** Facts in memory that the disk does not have yet. */
  unsynced: JournalEntry[] = [];
  /** Counts the disks that it has had. */
  disk = 1;

  constructor(env: string, name: string) {
    this.env = env;
    this.name = name;
  }

  /** An empty disk takes the place of this one, as under a pod that is moved. */
  loseDisk(): void {
    this.inForce.clear();
    this.entries.length = 0;
    this.unsynced = [];
    this.disk += 1;
  }

  /** The power goes: of what was not synced a part is there. */
  crash(random: Random): void {
    const kept = this.unsynced.slice(0, random.int(0, this.unsynced.length));
    this.entries.push(...kept);
    this.unsynced = [];
  }
}

/** One process of an agent, from its start to its end. */
export class AgentProcess implements Process {
  readonly name: string;
  readonly host: AgentHost;
  readonly instance: string;
  alive = true;
  paused = false;
  readonly #stage: Stage;
  readonly #stop = new AbortController();
  lease: ModelLease | undefined;
  listWatch: ModelListWatch | undefined;
  hasEnded = false;

  constructor(stage: Stage, host: AgentHost, instance: string) {
    this.#stage = stage;
    this.host = host;
    this.instance = instance;
    this.name = `agent ${host.env}/${host.name} (${instance})`;
  }

  /** A clean exit. */
  stop(): void {
    this.#stop.abort(new DOMException('stopped', 'AbortError'));
  }

  get isStopping(): boolean {
    return this.#stop.signal.aborted;
  }

  async run(): Promise<void> {
    const { production, truth } = this.#stage;
    const port = new EtcdPort(this.#stage, this);
    const { env, name } = this.host;
    const journal = this.#createJournal();
    const driver = createDriver(this.#stage, this, truth);
    const clock = {
      now: () => this.#stage.scheduler.nowMs,
      monotonicMs: () => this.#stage.scheduler.nowMs,
    };
    const random = () => 0.5;
    const signal = this.#stop.signal;
    await production.recover({ driver, journal, clock, random }, signal);
    const common = {
      env,
      name,
      instance: this.instance,
      kv: port,
      journal,
      log: silentLog,
      random,
    };
    const registrar = new production.Registrar({
      ...common,
      registration: () => this.#registration(),
    });
    const view = new production.EnvironmentView(env, name, {
      listed: () => {
        engine.listed();
        outbox.wake();
      },
      present: (id) => engine.present(id),
      changed: (ids) => engine.changed(ids),
      metaChanged: () => {
        engine.metaChanged();
        epochRelist.metaChanged();
      },
      connected: (up) => {
        engine.interrupted();
        if (up) outbox.reconnected();
      },
      registrationSeen: () => outbox.wake(),
      registrationMissing: (revision) => membership.registrationMissing(revision),
    });
    const engine = new production.Engine({
      ...{ ...common, view, driver, clock },
      report: (id) => outbox.mark(id),
      tell: () => undefined,
    });
    const membership = new production.Membership({
      ...{ ...common, registrar, clock },
      openLease: async () => await this.#openLease(port),
      onSession: () => outbox.wake(),
    });
    const outbox = new production.Outbox({
      ...{ ...common, registrar },
      active: () => engine.active,
      session: () => membership.session,
      listed: () => view.listed,
      registered: () => view.registered,
    });
    const listWatch = new ModelListWatch({
      ...{ ...this.#stage, port, process: this, sink: view },
      ranges: production.watchedRanges(env, name),
    });
    this.listWatch = listWatch;
    const epochRelist = new production.EpochRelist({
      view,
      listWatch,
      log: silentLog,
      random,
    });
    engine.repair();
    void listWatch.run();
    await Promise.all([
      engine.run(signal),
      membership.run(signal),
      outbox.run(signal),
      epochRelist.run(signal),
    ]);
    this.hasEnded = true;
  }

  #registration() {
    return {
      name: this.host.name,
      env_uuid: '',
      ip: '127.0.0.1',
      grpc_port: 1,
      instance: this.instance,
      version: '',
      driver: 'model',
      started_at: this.instance,
      synced: null,
    };
  }

  async #openLease(port: EtcdPort): Promise<Lease> {
    const lease = new ModelLease(await port.leaseGrant(5), port, this.#stage);
    this.lease = lease;
    return lease;
  }

  #createJournal(): Journal {
    const { scheduler, production } = this.#stage;
    const { host } = this;
    const memory = new production.JournalMemory();
    for (const entry of host.entries) memory.take(entry);
    const sync = (entries: readonly JournalEntry[], done: () => void) => {
      scheduler.call(
        `journal ${entries.map(({ t }) => t).join(' ')}`,
        () => {
          host.entries.push(...host.unsynced, ...entries);
          host.unsynced = [];
          done();
        },
        this,
      );
    };
    return {
      state: memory,
      condition: host.entries.length === 0 ? 'fresh' : 'intact',
      append: async (...entries) => {
        await new Promise<void>((resolve) => sync(entries, resolve));
        for (const entry of entries) memory.take(entry);
      },
      note: (...entries) => {
        for (const entry of entries) memory.take(entry);
        host.unsynced.push(...entries);
        sync([], () => undefined);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}

/** A lease that its holder believes in until etcd's answer to a heartbeat says otherwise. */
export class ModelLease implements Lease {
  readonly id: string;
  readonly #port: EtcdPort;
  readonly #stage: Stage;
  readonly #ended = new AbortController();

  constructor(id: string, port: EtcdPort, stage: Stage) {
    this.id = id;
    this.#port = port;
    this.#stage = stage;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Believed for too long on purpose: etcd has to refuse what comes too late. */
  writable(): boolean {
    return !this.#ended.signal.aborted;
  }

  end(reason: string): void {
    this.#ended.abort(new this.#stage.production.LeaseLostError(this.id, reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.end('disposed');
    await this.#port.leaseRevoke(this.id).catch(() => undefined);
  }
}

/** Puts versions in force in one atomic step each, which the process may not live to hear of. */
function createDriver(stage: Stage, process: AgentProcess, truth: Truth): Driver {
  const { scheduler } = stage;
  const { inForce } = process.host;
  const step = (label: string, run: () => void) =>
    new Promise<void>((resolve) => {
      scheduler.call(
        label,
        () => {
          run();
          resolve();
        },
        process,
      );
    });
  return {
    name: 'model',
    validate: async () => undefined,
    apply: async ({ id, generation, digest, content }) =>
      await step(`apply ${id} ${generation}`, () => {
        const before = inForce.get(id);
        const next = { generation, digest, hash: contentHash(content) };
        truth.applied(process, id, before, next);
        inForce.set(id, next);
      }),
    remove: async (id) =>
      await step(`remove ${id}`, () => {
        const before = inForce.get(id);
        if (before) truth.removed(process, id, before);
        inForce.delete(id);
      }),
    verify: async () => ({ level: 'APPLIED', method: 'model' }),
    list: async function* () {
      const found = [...inForce].map(([id, { hash }]) => ({ id, hash }));
      yield* found;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

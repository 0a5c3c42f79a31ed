import type { Random } from '#test/random';
import { AgentHost, AgentProcess } from './agent.ts';
import { AggregatorProcess } from './aggregator.ts';
import { ControllerProcess } from './controller.ts';
import { EtcdServer } from './etcd-server.ts';
import type { ModelListWatch } from './list-watch.ts';
import { MysqlServer } from './mysql.ts';
import type { Network } from './ports.ts';
import type * as production from './production.ts';
import { type Process, Scheduler } from './scheduler.ts';
import { Truth } from './truth.ts';

/** The product's code, as it is or with a rule broken. */
export type Production = typeof production;

const CONTROLLERS = 2;
/** Of a value in a story. */
const KEY_TEXT_MAX = 300;
/** Environments whose names begin alike, one of them with a single agent. */
const AGENTS: readonly (readonly [env: string, name: string])[] = [
  ...([
    ['1', 'a'],
    ['1', 'ab'],
    ['10', 'a'],
  ] as const),
];
const IDS: readonly (readonly [env: string, id: string])[] = [
  ...([
    ['1', 'x'],
    ['10', 'x'],
  ] as const),
];

/** Everything that exists in one run. */
export interface Stage {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: EtcdServer;
  readonly mysql: MysqlServer;
  readonly production: Production;
  readonly truth: Truth;
  readonly refs: readonly { readonly env: string; readonly id: string }[];
  readonly hosts: readonly AgentHost[];
  readonly aggregator: AggregatorProcess;
}

/** The processes of one run, and who may start and end them. */
export class World implements Stage {
  readonly scheduler = new Scheduler();
  readonly network: Network = {
    ...{ faultChance: 0, cut: new Set<Process>(), isEtcdDown: false, isMysqlDown: false },
    refusedKeys: new Set<string>(),
  };
  readonly production: Production;
  readonly truth: Truth;
  readonly server: EtcdServer;
  readonly mysql: MysqlServer;
  readonly refs = IDS.map(([env, id]) => ({ env, id }));
  readonly hosts = AGENTS.map(([env, name]) => new AgentHost(env, name));
  readonly aggregator: AggregatorProcess;
  controllers: ControllerProcess[] = [];
  agents: AgentProcess[] = [];
  #started = 0;

  constructor(production: Production) {
    this.production = production;
    this.truth = new Truth(this);
    const { truth, scheduler } = this;
    this.server = new EtcdServer(production, (events) => truth.wrote(events));
    this.mysql = new MysqlServer(production, () => scheduler.nowMs, {
      onCommit: (row, cause) => truth.committed(row, cause),
      onMember: (env, name) => truth.memberMirrored(env, name),
    });
    this.aggregator = new AggregatorProcess(this);
  }

  /** Starts everything; nothing has happened yet. */
  async start(): Promise<void> {
    await this.scheduler.as(this.aggregator, () => this.aggregator.run());
    for (let at = 0; at < CONTROLLERS; at += 1) await this.startController();
    for (const host of this.hosts) await this.startAgent(host);
  }

  async startController(): Promise<void> {
    this.#started += 1;
    const controller = new ControllerProcess(this, `c${this.#started}`);
    this.controllers.push(controller);
    this.truth.controllerStarted();
    await this.scheduler.as(controller, () => controller.run());
  }

  async startAgent(host: AgentHost): Promise<void> {
    this.#started += 1;
    const agent = new AgentProcess(this, host, `i${this.#started}`);
    this.agents.push(agent);
    this.truth.agentStarted(agent);
    await this.scheduler.as(agent, () => {
      agent.run().catch((error: unknown) => {
        // Stopped before it served, or told that its name is taken: whoever runs it starts it again.
        const isExit = error instanceof Error && error.name === 'DuplicateNameError';
        if (agent.isStopping || isExit) agent.hasEnded = true;
        else this.truth.threw(agent, error);
      });
    });
  }

  /** kill -9. Some of the requests that were sent arrive all the same. */
  kill(process: Process, random: Random): void {
    for (const call of this.scheduler.callsOf(process)) {
      const isSent = call.label.startsWith('txn') || call.label.startsWith('mysql');
      if (isSent && random.chance(0.3))
        this.scheduler.callOfNobody(call.label, () => call.run(random));
    }
    process.alive = false;
    if (process instanceof AgentProcess) process.host.crash(random);
    this.controllers = this.controllers.filter(({ alive }) => alive);
    this.agents = this.agents.filter(({ alive }) => alive);
  }

  /** Those who live, in no order. */
  get processes(): Process[] {
    return [...this.controllers, ...this.agents, this.aggregator];
  }

  get listWatches(): ModelListWatch[] {
    const all = [...this.controllers, ...this.agents, this.aggregator];
    return all.flatMap(({ listWatch }) => (listWatch ? [listWatch] : []));
  }

  /** All that is in store for a list-watch arrives. */
  async catchUp(listWatch: ModelListWatch, random: Random): Promise<void> {
    while (listWatch.hasBacklog()) {
      await this.scheduler.as(listWatch.process, () => listWatch.deliver(random));
    }
  }

  /** What there is now, for the end of a story. */
  describe(): string[] {
    const rows = [...this.mysql.rows.values()].map(
      ({ env, id, generation, deleted }) =>
        `mysql ${env}/${id}: generation ${generation}${deleted ? ', deleted' : ''}`,
    );
    const keys = [...this.server.store.keys.values()].map(
      ({ key, value, modRevision, lease }) =>
        `etcd ${key} at ${modRevision}${lease === '0' ? '' : ` under ${lease}`}: ${value.toString('utf8').slice(0, KEY_TEXT_MAX)}`,
    );
    const hosts = this.hosts.flatMap(({ env, name, inForce }) =>
      [...inForce].map(([id, { generation }]) => `disk ${env}/${name}: ${id} ${generation}`),
    );
    return [...rows, ...keys, ...hosts];
  }

  agentOn(host: AgentHost): AgentProcess | undefined {
    return this.agents.find((agent) => agent.host === host);
  }
}

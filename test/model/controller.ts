import type { EtcdClient } from '#libs/etcd';
import type { JsonObject } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { DataPath } from '#services/controller/data-path.ts';
import type { ConfigRef } from '#services/controller/domain/config-row.ts';
import { ModelListWatch } from './list-watch.ts';
import { commandOf, MysqlPort } from './mysql.ts';
import { Caller, EtcdPort } from './ports.ts';
import type { Process } from './scheduler.ts';
import type { Stage } from './world.ts';

/** Of the publication that a caller waits for, as in the API. */
const PUBLISH_BUDGET_MS = 1_000;
/** Lost members are forgotten after this long: long for timers that fire out of order. */
const FORGET_AFTER_MS = 10 * 60_000;

/** One process of a controller, from its start to its end. */
export class ControllerProcess implements Process {
  readonly name: string;
  alive = true;
  paused = false;
  readonly #stage: Stage;
  readonly #port: EtcdPort;
  readonly #mysql: MysqlPort;
  readonly #path: DataPath;
  readonly #stop = new AbortController();
  readonly listWatch: ModelListWatch;

  constructor(stage: Stage, name: string) {
    this.name = `controller ${name}`;
    this.#stage = stage;
    const { scheduler, network, mysql, production } = stage;
    this.#port = new EtcdPort(stage, this);
    const caller = new Caller(scheduler, network, this, {
      refused: (what) => new Error(`${what}: mysql unavailable`),
      unknown: (what) => new Error(`${what}: mysql outcome unknown`),
    });
    const now = () => scheduler.nowMs;
    this.#mysql = new MysqlPort(mysql, caller, () => network.isMysqlDown, now);
    this.#path = production.createDataPath({
      client: this.#port as unknown as EtcdClient,
      configs: this.#mysql,
      epochs: this.#mysql.epochs,
      members: this.#mysql.members,
      log: silentLog,
      clock: { now, monotonicMs: now },
      random: () => 0.5,
      forgetAfterMs: FORGET_AFTER_MS,
    });
    this.listWatch = new ModelListWatch({
      ...{ ...stage, port: this.#port, process: this, sink: this.#path.view },
      ranges: [
        '/ingress/agent/',
        '/ingress/roster/',
        '/ingress/controller/',
        '/ingress/ingress_meta/',
      ],
    });
  }

  run(): void {
    const { reconcile, dirtyScan, rosterMirror } = this.#path.parts;
    const { signal } = this.#stop;
    void this.listWatch.run();
    for (const part of [reconcile, dirtyScan, rosterMirror]) {
      part(signal).catch((error: unknown) => this.#stage.truth.threw(this, error));
    }
  }

  /** Another look at etcd, as one every half minute, or when something is suspicious. */
  reconcile(): void {
    this.#path.reconciler.trigger();
  }

  /** A Set or a Delete, with as many tries as a caller makes with one request id. */
  async write(
    kind: 'set' | 'delete',
    ref: ConfigRef,
    content: JsonObject,
    requestId: string,
  ): Promise<void> {
    const { truth } = this.#stage;
    const { publisher } = this.#path;
    const command = commandOf(kind, ref, { content, requestId });
    for (let tries = 0; tries < 3; tries += 1) {
      const epoch = publisher.currentEpoch();
      const result = await this.#mysql.write(command).catch(() => undefined);
      if (!result) continue;
      truth.answered(command, result);
      if (result.kind !== 'ok') return;
      const { row, replayed } = result;
      const known = replayed || epoch === undefined ? {} : { row, epoch };
      await publisher.publish(ref, { timeoutMs: PUBLISH_BUDGET_MS, ...known });
      return;
    }
  }

  /** An operator's rebase, after MySQL was restored from a backup. */
  async rebase(): Promise<boolean> {
    const { production, mysql } = this.#stage;
    try {
      const seen = await production.seenInEtcd(this.#port, this.#stop.signal);
      const inHistory = Math.max(
        0,
        ...[...mysql.rows.values()].map(({ generation }) => generation),
      );
      const plan = production.planRebase({
        ...{ requested: 0, current: mysql.generationBase },
        seen: Math.max(seen, inHistory),
      });
      if (plan.kind !== 'rebase') return false;
      mysql.raiseGenerationBase(plan.base);
      this.reconcile();
      return true;
    } catch {
      return false;
    }
  }
}

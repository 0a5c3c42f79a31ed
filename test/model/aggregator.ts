import { ROOT } from '#libs/keyspace';
import { ModelListWatch } from './list-watch.ts';
import { EtcdPort } from './ports.ts';
import type { Process } from './scheduler.ts';
import type { Stage } from './world.ts';

const OWN_KEY = '/ingress/aggregator/model';

type ViewHolder = InstanceType<Stage['production']['ViewHolder']>;

/** The view of one aggregator, whose answers are held against the agents' disks. */
export class AggregatorProcess implements Process {
  readonly name = 'aggregator';
  alive = true;
  paused = false;
  readonly listWatch: ModelListWatch;
  readonly #stage: Stage;
  readonly #holder: ViewHolder;
  readonly #port: EtcdPort;
  #beats = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#port = new EtcdPort(stage, this);
    const nothing = () => undefined;
    const look = () => this.look();
    this.#holder = new stage.production.ViewHolder({
      ownKey: OWN_KEY,
      clock: { now: () => stage.scheduler.nowMs },
      listener: {
        ...{ listed: look, changed: look },
        ...{ connected: nothing, ownKeySeen: nothing, shown: nothing },
      },
    });
    this.listWatch = new ModelListWatch({
      ...{ ...stage, process: this, sink: this.#holder, ranges: [ROOT] },
      port: this.#port,
    });
  }

  run(): void {
    void this.listWatch.run();
  }

  /** Puts its registration anew, as it does every other second: no two are alike. */
  beat(): void {
    this.#beats += 1;
    const success = [{ put: { key: OWN_KEY, value: String(this.#beats) } }];
    this.#port.txn({ compare: [], success }).catch(() => undefined);
  }

  /** What it says of every config now. A view of a history that is over says nothing: it is blind. */
  look(): void {
    const { truth, refs } = this.#stage;
    if (!this.#holder.isListed || !this.listWatch.isOfPresent) return;
    for (const ref of refs) {
      const said = this.answer(ref);
      if (said) truth.said(ref, said, this.#holder.view.revision);
    }
  }

  answer(ref: { env: string; id: string }) {
    const { production, mysql, scheduler } = this.#stage;
    const row = mysql.rows.get(`${ref.env}/${ref.id}`);
    return production.situationOf(this.#holder.view, ref, {
      unknownReason: undefined,
      acceptedKnown: true,
      accepted: row && {
        generation: row.generation,
        digest: row.digest,
        deleted: row.deleted,
        acceptedAtMs: row.acceptedAt.getTime(),
        published: row.publishedGeneration >= row.generation,
        tombstoneExpired:
          row.deleted && scheduler.nowMs - row.acceptedAt.getTime() > 7 * 24 * 3_600_000,
      },
      minAgents: 1,
    });
  }
}

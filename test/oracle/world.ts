import { EPOCH_KEY, encodeRoster, READY_KEY, rosterKey, toFixed20 } from '#libs/keyspace';
import { Random } from '#test/random';
import { AGENT_ACTS } from './agent-acts.ts';
import { CONTROLLER_ACTS } from './controller-acts.ts';
import { Stage } from './stage.ts';

const ACTS = { ...AGENT_ACTS, ...CONTROLLER_ACTS };

/** What happens in the world. */
export type ActName = keyof typeof ACTS;

/** How often what happens. A converging environment lets the good states be reached between faults. */
const WEIGHTS: Readonly<Record<ActName, number>> = {
  ...{ join: 9, sync: 5, work: 22, converge: 18, leave: 1.5, crash: 2, pause: 1, wake: 2 },
  ...{ leaseEnds: 4, partition: 0.7, lie: 5, garbage: 1.2, statusGone: 0.7 },
  ...{ set: 8, remove: 4, pass: 3, rebuild: 8, bumpEpoch: 0.4, mirror: 2, giveUp: 1.5 },
  ...{ rosterGone: 0.3, minAgents: 0.8, foreign: 0.8, stray: 0.3, byHand: 1.2, timePasses: 4 },
  ...{ daysPass: 0.9, mysqlForgets: 0.3, compact: 0.6, snapshot: 0.5, wipe: 0.25, rewind: 0.5 },
};

/** Tries for one step, in case that nobody is there to do what was drawn. */
const DRAWS_MAX = 20;

/** A world that a seed decides, step by step: a step left out changes the others as little as can be. */
export class World {
  readonly stage: Stage;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.stage = new Stage(seed);
    const epoch = 1 + (seed % 3);
    this.stage.epochAllocated = epoch;
    this.stage.etcd.put(EPOCH_KEY, toFixed20(epoch));
    this.stage.etcd.put(READY_KEY, toFixed20(epoch));
    if (this.stage.isCrowded) this.#fill();
  }

  /** A crowd is on the roster already: it would take too long to join one by one. */
  #fill(): void {
    const value = encodeRoster({ instance: '', joined_at: '' });
    const { etcd, actors } = this.stage;
    etcd.txn(actors.map(({ env, name }) => ({ key: rosterKey(env, name), value })));
  }

  /** Lets something happen, and says what. */
  step(index: number): ActName {
    const random = new Random(this.#seed, index + 1);
    for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
      const name = random.weighted(WEIGHTS);
      if (ACTS[name](this.stage, random)) return name;
    }
    ACTS.timePasses(this.stage, random);
    return 'timePasses';
  }
}

import type { ConfigValue } from '#libs/keyspace';
import type { AgentEvent } from '../domain/agent-event.ts';

type Arrived = Pick<ConfigValue, 'generation'>;

/** Tells of each generation when the agent gets to know it, whether or not it is ever taken up. */
export class Arrivals {
  readonly #tell: (event: AgentEvent) => void;
  readonly #known = new Map<string, number>();

  constructor(tell: (event: AgentEvent) => void) {
    this.#tell = tell;
  }

  /** A config came alone. Undefined: what came is no config. */
  came(id: string, config: Arrived | undefined): void {
    if (!config || this.#known.get(id) === config.generation) return;
    this.#known.set(id, config.generation);
    this.#tell({ kind: 'RECEIVED', id, generation: config.generation });
  }

  /** All configs came; those that are not among them are forgotten. */
  listed(configs: ReadonlyMap<string, Arrived>): void {
    for (const id of this.#known.keys()) if (!configs.has(id)) this.#known.delete(id);
    for (const [id, config] of configs) this.came(id, config);
  }
}

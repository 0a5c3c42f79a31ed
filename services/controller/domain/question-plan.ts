import type { AgentRegistration } from '#libs/keyspace';

/** A live agent as it is registered. */
export interface LiveAgent {
  readonly name: string;
  /** Absent when its registration cannot be read. */
  readonly registration?: Pick<AgentRegistration, 'ip' | 'grpc_port'> | undefined;
}

/** An agent to be asked; without an address it cannot be. */
export interface Question {
  readonly name: string;
  /** host:port. */
  readonly address: string | undefined;
}

/** Bound by a server that listens everywhere: nowhere to connect to from another host. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** Whom to ask, ordered by name: all of them, or a random choice of `max`. */
export function planQuestions(
  agents: readonly LiveAgent[],
  { max, random }: { max: number; random: () => number },
): Question[] {
  return chosen(agents, max, random)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, registration }) => ({ name, address: addressOf(registration) }));
}

/** Each choice of `max` is as likely as every other: a shuffle that ends early. */
function chosen(agents: readonly LiveAgent[], max: number, random: () => number): LiveAgent[] {
  if (agents.length <= max) return [...agents];
  const rest = [...agents];
  return Array.from({ length: max }, (_, taken) => {
    const at = Math.floor(random() * (rest.length - taken));
    const last = rest.length - 1 - taken;
    const agent = rest[at] as LiveAgent;
    rest[at] = rest[last] as LiveAgent;
    return agent;
  });
}

function addressOf(registration: LiveAgent['registration']): string | undefined {
  if (!registration) return undefined;
  const { ip, grpc_port: port } = registration;
  if (WILDCARDS.has(ip) || port === 0) return undefined;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

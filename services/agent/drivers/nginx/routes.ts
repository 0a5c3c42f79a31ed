/**
 * How a path is compared: as a whole, or element by element from the start. `none`: the host is named
 * without a path, and takes no request from anybody.
 */
export type Match = 'exact' | 'prefix' | 'none';

/** One row of the routing table. */
export interface Route {
  /** Lower case; `*.` in front stands for one label; empty: every host. */
  readonly host: string;
  /** Without a slash at the end when it is a prefix; the prefix of everything is empty. */
  readonly path: string;
  readonly match: Match;
  /** `host:port` of the backend; empty where nothing matches. */
  readonly upstream: string;
}

/** What the annotations of a config ask for; absent parts are nginx's own. */
export interface Behaviour {
  readonly bodySize?: string | undefined;
  readonly connectTimeoutSeconds?: number | undefined;
  readonly readTimeoutSeconds?: number | undefined;
  readonly sendTimeoutSeconds?: number | undefined;
  readonly allowed?: readonly string[] | undefined;
  readonly rewriteTarget?: string | undefined;
  /** Headers that are added to every answer, by name. */
  readonly responseHeaders?: Readonly<Record<string, string>> | undefined;
  /** Whether plain requests are sent to TLS; absent: where there is a certificate. */
  readonly tlsRedirect?: 'never' | 'always' | undefined;
}

/** A certificate that a config asks for. */
export interface TlsClaim {
  /** Empty: every host of the config. `*.` in front stands for one label. */
  readonly hosts: readonly string[];
  /** `namespace/name`. */
  readonly secret: string;
}

/** A config as the driver understands it. */
export interface RouteSet {
  readonly routes: readonly Route[];
  readonly tls: readonly TlsClaim[];
  readonly behaviour: Behaviour;
}

/** A config with what decides who has a route. */
export interface Claim extends RouteSet {
  readonly id: string;
  readonly createdAt: string;
}

/** The default backend is the prefix of everything on every host. */
export function keyOf({ host, match, path }: Route): string {
  return `${host} ${match} ${path}`;
}

/** Older first. A config whose age is not known counts as the youngest. */
export function byAge(a: Claim, b: Claim): number {
  const order = (claim: Claim) => `${claim.createdAt === '' ? '~' : claim.createdAt} ${claim.id}`;
  const [left, right] = [order(a), order(b)];
  return left < right ? -1 : Number(left > right);
}

/** Who loses to whom: by id, the config that has one of its routes. The oldest wins. */
export function conflictsOf(claims: readonly Claim[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const losers = new Map<string, string>();
  for (const claim of claims.toSorted(byAge)) {
    const keys = claim.routes.filter(({ match }) => match !== 'none').map(keyOf);
    const winner = keys.map((key) => owners.get(key)).find((owner) => owner !== undefined);
    if (winner !== undefined) losers.set(claim.id, winner);
    else for (const key of keys) owners.set(key, claim.id);
  }
  return losers;
}

/**
 * The routes that a host answers: its own, and those of less exact hosts for the paths that its own
 * leave open. `levels` begins with the host's own.
 */
export function merged<R extends Route>(levels: readonly (readonly R[])[]): R[] {
  const kept: R[] = [];
  for (const level of levels) {
    const above = [...kept];
    kept.push(...level.filter((route) => !above.some((taken) => covers(taken, route))));
  }
  return kept;
}

/** Whether every request that `route` takes is taken by `taken`. */
function covers(taken: Route, route: Route): boolean {
  if (taken.match === 'none' || route.match === 'none') return false;
  if (taken.match === 'exact') return route.match === 'exact' && taken.path === route.path;
  return route.path === taken.path || route.path.startsWith(`${taken.path}/`);
}

import { sleep } from '#libs/lifecycle';
import { DriverError } from '../driver.ts';
import { cleanedOutput } from '../exec/cleaned-output.ts';
import { hasUnknownName } from './backends.ts';
import type { RenderedClaim } from './render.ts';
import { conflictsOf } from './routes.ts';

/** A secret or a name may be in the middle of a change. */
const SECOND_LOOK_MS = 1_000;

/** A claim with the text that it was read from. */
export interface Candidate extends RenderedClaim {
  readonly content: string;
}

export interface Admission {
  /** Everything to be in force, by id. */
  readonly claims: ReadonlyMap<string, Candidate>;
  /** Why a change is not among it, by id. */
  readonly refused: ReadonlyMap<string, DriverError>;
}

export interface Conflicts {
  /** Changes that may be in force beside each other. */
  readonly admitted: readonly Candidate[];
  /** The winner by each change that lost a route to it. */
  readonly takenBy: ReadonlyMap<string, string>;
}

/**
 * Which changes get the routes that they want. A change that loses leaves the version in force where
 * it is; what is in force and younger makes way for an older config.
 */
export function withoutConflicts(
  base: ReadonlyMap<string, Candidate>,
  changes: readonly Candidate[],
): Admission & Conflicts {
  const refused = new Map<string, DriverError>();
  const takenBy = new Map<string, string>();
  let admitted = changes;
  for (;;) {
    const claims = joined(base, admitted);
    const losers = conflictsOf([...claims.values()]);
    if (losers.size === 0) return { claims, refused, admitted, takenBy };
    const lost = admitted.filter(({ id }) => losers.has(id));
    if (lost.length === 0) {
      for (const id of losers.keys()) claims.delete(id);
      return { claims, refused, admitted, takenBy };
    }
    for (const { id } of lost) {
      const winner = losers.get(id) ?? '';
      takenBy.set(id, winner);
      refused.set(id, taken(winner));
    }
    admitted = admitted.filter(({ id }) => !losers.has(id));
  }
}

/** Asks nginx about a set of claims: what it says against it, or undefined. */
export type Check = (claims: readonly Candidate[]) => Promise<string | undefined>;

/**
 * Which changes nginx takes: all of them by one question, else by halves, so that each one that it
 * refuses is found. What was in force and is refused by now makes way, too, so that it stops nobody
 * else. Throws a DriverError when nginx refuses everything, or no name of a backend can be asked for.
 */
export async function withoutFaults(
  base: ReadonlyMap<string, Candidate>,
  changes: readonly Candidate[],
  check: Check,
): Promise<Admission> {
  const all = joined(base, changes);
  if ((await check([...all.values()])) === undefined) return { claims: all, refused: new Map() };
  const isSound = changes.length > 0 && (await check([...base.values()])) === undefined;
  return await sifted(isSound ? base : await soundPart(base, check), changes, check);
}

async function sifted(
  base: ReadonlyMap<string, Candidate>,
  changes: readonly Candidate[],
  check: Check,
): Promise<Admission> {
  const refused = new Map<string, DriverError>();
  const admit = async (at: ReadonlyMap<string, Candidate>, part: readonly Candidate[]) => {
    const [only] = part;
    if (only === undefined) return at;
    const all = joined(at, part);
    const said = await check([...all.values()]);
    if (said === undefined) return all;
    if (part.length === 1) {
      refused.set(only.id, refusal(said, only.content));
      return at;
    }
    const middle = Math.ceil(part.length / 2);
    const left: ReadonlyMap<string, Candidate> = await admit(at, part.slice(0, middle));
    return await admit(left, part.slice(middle));
  };
  return { claims: await admit(base, changes), refused };
}

/** What nginx still takes of what is in force. Only who is refused twice makes way. */
async function soundPart(
  base: ReadonlyMap<string, Candidate>,
  check: Check,
): Promise<ReadonlyMap<string, Candidate>> {
  if ((await check([])) !== undefined) throw baseRefused();
  const first = await sifted(new Map(), [...base.values()], check);
  if (first.refused.size === 0) return base;
  await sleep(SECOND_LOOK_MS);
  const suspects = [...base.values()].filter(({ id }) => first.refused.has(id));
  const { claims, refused } = await sifted(first.claims, suspects, check);
  for (const suspect of suspects) {
    const isLost = refused.get(suspect.id)?.reason === 'BACKEND_UNRESOLVED';
    // A name service that is away takes nobody out of force.
    if (isLost && !(await hasUnknownName(suspect.routes))) throw baseRefused();
  }
  return claims;
}

function joined(base: ReadonlyMap<string, Candidate>, more: readonly Candidate[]) {
  return new Map([...base, ...more.map((claim) => [claim.id, claim] as const)]);
}

function baseRefused(): DriverError {
  return new DriverError('retry', 'BASE_REFUSED', 'nginx refuses what is in force already');
}

/** Not for ever: the winner may go, or want something else. */
function taken(winner: string): DriverError {
  return new DriverError('retry', 'ROUTE_TAKEN', `config ${winner} has one of its routes`);
}

/** A name that is not known now may be known later; a certificate may be put right. */
function refusal(said: string, content: string): DriverError {
  if (/cannot load certificate|SSL_CTX_use_PrivateKey|key values mismatch/.test(said)) {
    return new DriverError('retry', 'SECRET_INVALID', 'nginx cannot use a certificate or its key');
  }
  return said.includes('host not found in upstream')
    ? new DriverError('retry', 'BACKEND_UNRESOLVED', 'the name of a backend cannot be resolved')
    : new DriverError('rejected', 'NGINX_REFUSED', `nginx -t: ${cleanedOutput(said, content)}`);
}

import { deadlineSignal, sleep } from '#libs/lifecycle';
import { DriverError } from '../driver.ts';
import type { Candidate } from './admission.ts';
import { CertificateTable } from './certificates.ts';
import type { NginxProcess } from './nginx-process.ts';

const POLL_MS = 100;
/** Workers of the former configuration may take a connection while they end. */
const VERIFY_ATTEMPTS_MAX = 20;
/** After a reload there are no such workers; a busy machine may still drop one. */
const LOOK_ATTEMPTS_MAX = 3;
/** Versions that are looked at together, so that a thousand take about a second. */
const LOOKS_AT_ONCE = 16;
/** Of all looks after one reload. */
const LOOK_TIMEOUT_MS = 10_000;

interface Question {
  readonly host: string;
  readonly over: 'plain' | 'tls';
}

/** Throws a DriverError unless each host of this version, also over TLS, answers with its marker. */
export async function verifyServed(
  nginx: NginxProcess,
  claim: Candidate,
  signal: AbortSignal,
): Promise<void> {
  const silent = await silentHost(nginx, claim, { signal, attemptsMax: VERIFY_ATTEMPTS_MAX });
  if (silent !== undefined) {
    throw new DriverError('retry', 'NOT_SERVED', `nginx does not answer for ${silent}`);
  }
}

/**
 * Versions that nginx took and that do not answer: by id, for which host. Throws a DriverError when that cannot be
 * told within 10 s.
 */
export async function unservedOf(
  nginx: NginxProcess,
  claims: readonly Candidate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  using limit = deadlineSignal(signal, LOOK_TIMEOUT_MS);
  const left = [...claims];
  const unserved = new Map<string, string>();
  const options = { signal: limit.signal, attemptsMax: LOOK_ATTEMPTS_MAX };
  const look = async () => {
    for (let claim = left.pop(); claim; claim = left.pop()) {
      const silent = await silentHost(nginx, claim, options);
      if (silent !== undefined) unserved.set(claim.id, silent);
    }
  };
  try {
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.signal.aborted) throw error;
    throw new DriverError('retry', 'NOT_SERVED', 'nginx answered too slowly to be checked');
  }
  return unserved;
}

/** The first host that does not answer with the version, for people; undefined when all do. */
async function silentHost(
  nginx: NginxProcess,
  claim: Candidate,
  { signal, attemptsMax }: { signal: AbortSignal; attemptsMax: number },
): Promise<string | undefined> {
  for (const { host, over } of questionsFor(claim)) {
    const asked = askedHost(host, claim.marker);
    let answers = false;
    for (let attempt = 0; !answers && attempt < attemptsMax; attempt += 1) {
      if (attempt > 0) await sleep(POLL_MS, signal);
      signal.throwIfAborted();
      answers = await nginx.answers(asked, claim.marker, over);
    }
    if (!answers) return `${host || 'any host'}${over === 'tls' ? ' over TLS' : ''}`;
  }
  return undefined;
}

function questionsFor(claim: Candidate): Question[] {
  const hosts = [...new Set(claim.routes.map(({ host }) => host))];
  const table = new CertificateTable([claim]);
  const secured = hosts.filter((host) => host !== '' && table.of(host));
  return [
    ...hosts.map((host) => ({ host, over: 'plain' }) as const),
    ...secured.map((host) => ({ host, over: 'tls' }) as const),
  ];
}

/** A host that only this route's server answers for. */
function askedHost(host: string, marker: string): string {
  return host.startsWith('*.') ? `${marker.slice(0, 32)}${host.slice(1)}` : host;
}

// One nginx with a prefix of its own. Goals: what serves never depends on the agent, which may die at
// any point; a version is in force as a whole or not at all; a burst is one reload. The traps: nginx
// reads several files one after the other, so everything is one file and one rename; an answer may come
// from a worker of the former configuration, so each rendering, and each version of a config, has a
// marker of its own that is asked for through nginx. The records below `in-force` are written last:
// after a crash the file is rendered from them again.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDir, readRegularFile, removeTemporaries, replaceFile } from '#libs/files';
import { contentHash, type Driver, type DriverConfig, DriverError, type Proof } from '../driver.ts';
import {
  type Admission,
  type Candidate,
  type Conflicts,
  withoutConflicts,
  withoutFaults,
} from './admission.ts';
import { Batches, type Outcomes } from './batches.ts';
import { guarded } from './guarded.ts';
import { checkId, forget, type Kept, keep, readKept, readOne } from './in-force.ts';
import { readIngress } from './ingress-reader.ts';
import { Losers } from './losers.ts';
import { type MarkerOf, openMarkers } from './markers.ts';
import type { NginxOptions } from './nginx-options.ts';
import { NginxProcess } from './nginx-process.ts';
import { render, renderIncluded } from './render.ts';
import { isRouteList, readRouteList } from './route-list.ts';
import { jsonOf } from './route-reader.ts';
import { certificatesOf } from './secrets.ts';
import { unservedOf, verifyServed } from './served-hosts.ts';

const CONF = 'nginx.conf';
const STAGED = 'staged.conf';
/** A burst of as many configs is one reload. */
const CONCURRENCY = 1_000;
/** A check, a reload, and the reload of a roll-back, 10 s each at most, after those of a batch before. */
const CALL_TIMEOUT_MS = 60_000;

/** What is to become of one config; without a claim it is removed. */
interface Change {
  readonly id: string;
  readonly claim?: Candidate;
  readonly version?: Kept;
}

type Admitted = Admission & Pick<Conflicts, 'takenBy'>;

/** The file of a set of claims, and what only it answers with. */
interface Rendered {
  readonly of: ReadonlyMap<string, Candidate>;
  readonly text: string;
  readonly marker: string;
}

/**
 * Opens the driver and has its nginx serve what is in force. When that fails it opens all the same:
 * the next call tries again. Disposal leaves nginx as it is.
 */
export async function openNginxDriver(options: NginxOptions): Promise<Driver> {
  await makeDir(join(options.dir, 'in-force'));
  const prefix = await realpath(options.dir);
  await removeTemporaries(prefix);
  await removeTemporaries(join(prefix, 'in-force'));
  const driver = new NginxDriver({ ...options, dir: prefix }, await openMarkers(prefix));
  await driver.resume();
  return driver;
}

class NginxDriver implements Driver {
  readonly name = 'nginx';
  readonly concurrency = CONCURRENCY;
  readonly callTimeoutMs = CALL_TIMEOUT_MS;
  readonly #options: NginxOptions;
  readonly #markerOf: MarkerOf;
  readonly #nginx: NginxProcess;
  readonly #batches = new Batches<Change>((changes) => this.#settle(changes));
  readonly #closing = new AbortController();
  readonly #losers = new Losers();
  #disturbed: (ids: readonly string[]) => void = () => undefined;
  /** In force, by id. */
  #claims: ReadonlyMap<string, Candidate> = new Map();
  #rendered: Rendered | undefined;

  constructor(options: NginxOptions, markerOf: MarkerOf) {
    const { dir: prefix, binary, pidFile, listen, tls } = options;
    this.#options = options;
    this.#markerOf = markerOf;
    this.#nginx = new NginxProcess({ prefix, binary, pidFile, listen, listenTls: tls?.listen });
  }

  /** Reads what is in force and has nginx serve it. */
  async resume(): Promise<void> {
    const kept: Candidate[] = [];
    for (const version of (await readKept(this.#recordsDir)).values()) {
      // What other options no longer allow is put in force anew, or rejected, by whoever lists.
      const claim = await this.#tryRead(version);
      if (claim) kept.push(claim);
    }
    // A crash may have come before somebody who made way was forgotten.
    this.#claims = withoutConflicts(new Map(), kept).claims;
    try {
      if (await this.#isServed()) return;
      const { claims } = await withoutFaults(this.#claims, [], (all) => this.#check(all));
      this.#claims = claims;
      await this.#putInForce(claims);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
    }
  }

  onDisturbed(told: (ids: readonly string[]) => void): void {
    this.#disturbed = told;
  }

  async validate(config: DriverConfig): Promise<void> {
    await this.#read(config);
  }

  async apply(config: DriverConfig, signal: AbortSignal): Promise<void> {
    const claim = await this.#read(config);
    await this.#batches.join({ id: config.id, claim, version: config }, signal);
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    checkId(id);
    await this.#batches.join({ id }, signal);
  }

  async verify({ id, content }: DriverConfig, signal: AbortSignal): Promise<Proof> {
    const claim = this.#claims.get(id);
    const isKept = (await readOne(this.#recordsDir, id))?.content === content;
    if (claim?.content !== content || !isKept || !(await this.#isUntouched())) {
      throw new DriverError('retry', 'NOT_IN_FORCE', 'nginx is to serve something else');
    }
    await verifyServed(this.#nginx, claim, signal);
    return { level: 'VERIFIED', method: 'nginx' };
  }

  async *list(signal: AbortSignal) {
    const isServed = await guarded(() => this.#isServed());
    for (const [id, version] of await guarded(() => this.#kept())) {
      signal.throwIfAborted();
      const claim = this.#claims.get(id);
      // A certificate that was renewed takes another reload: the marker is another one.
      const isSame = claim !== undefined && claim.marker === (await this.#tryRead(version))?.marker;
      yield { id, hash: isServed && isSame ? contentHash(version.content) : 'changed' };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new DOMException('the driver is closed', 'AbortError'));
    await this.#batches.idle();
  }

  get #recordsDir(): string {
    return join(this.#options.dir, 'in-force');
  }

  #kept(): Promise<Map<string, Kept>> {
    return readKept(this.#recordsDir);
  }

  async #settle(changes: readonly Change[]): Promise<Outcomes> {
    return await guarded(async () => {
      const before = this.#claims;
      const { claims, refused, takenBy } = await this.#serve(changes);
      await this.#note(claims, changes);
      const changed = changes.map(({ id }) => id);
      const disturbed = this.#losers.settled({ before, after: claims, changed, takenBy });
      if (disturbed.length > 0) this.#disturbed(disturbed);
      return refused;
    });
  }

  /** Has nginx serve the changes that can be served, and what was in force in place of the others. */
  async #serve(changes: readonly Change[]): Promise<Admitted> {
    const before = this.#claims;
    const unserved = new Map<string, DriverError>();
    let rest = changes;
    try {
      // Each round leaves out what the one before found, so that it ends.
      for (;;) {
        const { claims, refused, takenBy } = await this.#admit(before, rest);
        await this.#putInForce(claims);
        const wanted = rest.flatMap(({ id, claim }) => (claims.get(id) === claim && claim) || []);
        const found = await unservedOf(this.#nginx, wanted, this.#closing.signal);
        if (found.size === 0) {
          return { claims, takenBy, refused: new Map([...refused, ...unserved]) };
        }
        for (const [id, host] of found) unserved.set(id, rolledBack('NOT_SERVED', host));
        rest = rest.filter(({ id }) => !unserved.has(id));
      }
    } catch (error) {
      // Until nginx is led back the comparison shows that it serves something else.
      this.#claims = before;
      // One of them may be at fault and the others not: by themselves each is told its own.
      const isShared = error instanceof DriverError && error.outcome === 'rolled_back';
      if (!isShared || changes.length === 1) throw error;
      throw new DriverError('retry', error.reason, error.message, { cause: error });
    }
  }

  async #admit(
    before: ReadonlyMap<string, Candidate>,
    changes: readonly Change[],
  ): Promise<Admitted> {
    const base = new Map(before);
    for (const { id, claim } of changes) if (!claim) base.delete(id);
    const wanted = changes.flatMap(({ claim }) => claim ?? []);
    const free = withoutConflicts(base, wanted);
    const left = new Map([...base].filter(([id]) => free.claims.has(id)));
    const tried = await withoutFaults(left, free.admitted, (all) => this.#check(all));
    const isFought = free.takenBy.size > 0 || left.size < base.size;
    if (tried.refused.size > 0 && isFought) {
      // Nobody makes way for one that nginx refuses.
      const rest = changes.filter(({ id }) => !tried.refused.has(id));
      const again = await this.#admit(before, rest);
      return { ...again, refused: new Map([...again.refused, ...tried.refused]) };
    }
    const refused = new Map([...free.refused, ...tried.refused]);
    return { claims: tried.claims, refused, takenBy: free.takenBy };
  }

  async #check(claims: readonly Candidate[]): Promise<string | undefined> {
    const { whole } = this.#render(claims);
    await replaceFile(this.#options.dir, STAGED, whole);
    return await this.#nginx.check(STAGED, this.#closing.signal);
  }

  /** Has nginx serve these claims. When it does not, what it served before is back. */
  async #putInForce(claims: ReadonlyMap<string, Candidate>): Promise<void> {
    const { dir } = this.#options;
    const { text, marker } = this.#render([...claims.values()]);
    const former = this.#inForce();
    const isThere = (await this.#confText()) === text;
    if (isThere && (await this.#nginx.answers('', marker))) return;
    await replaceFile(dir, CONF, text);
    try {
      await this.#nginx.reload(CONF, marker, this.#closing.signal);
    } catch (error) {
      if (text === former.text) throw error;
      await replaceFile(dir, CONF, former.text);
      // An nginx that takes up nothing at all has no fault to find with this version: that throws.
      await this.#nginx.reload(CONF, former.marker, this.#closing.signal);
      const { reason } = error instanceof DriverError ? error : { reason: 'RELOAD_FAILED' };
      throw rolledBack(reason, 'the new version', { cause: error });
    }
    this.#claims = claims;
  }

  /** Last: until then a crash leads back to the versions before. */
  async #note(claims: ReadonlyMap<string, Candidate>, changes: readonly Change[]): Promise<void> {
    for (const { id, claim, version } of changes) {
      if (claim && version && claims.get(id) === claim) await keep(this.#recordsDir, version);
    }
    for (const id of (await this.#kept()).keys()) {
      if (!claims.has(id)) await forget(this.#recordsDir, id);
    }
  }

  /** Files say nothing of an nginx that has died. */
  async #isServed(): Promise<boolean> {
    return (await this.#isUntouched()) && (await this.#nginx.answers('', this.#inForce().marker));
  }

  async #isUntouched(): Promise<boolean> {
    return (await this.#confText()) === this.#inForce().text;
  }

  async #confText(): Promise<string | undefined> {
    return (await readRegularFile(join(this.#options.dir, CONF)))?.toString('utf8');
  }

  /** Rendered once for each set of claims: a thousand verifications follow a burst. */
  #inForce() {
    if (this.#rendered?.of !== this.#claims) {
      this.#rendered = { of: this.#claims, ...this.#render([...this.#claims.values()]) };
    }
    return this.#rendered;
  }

  #render(claims: readonly Candidate[]) {
    const sorted = claims.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const marker = this.#markerOf(sorted.map((claim) => claim.marker));
    const { listen, tls, pidFile } = this.#options;
    const whole = render(sorted, { listen, tls, marker });
    if (pidFile === undefined) return { marker, whole, text: whole };
    return { marker, whole, text: renderIncluded(sorted, { listen, tls, marker }) };
  }

  async #read({ id, content, generation, createdAt }: Kept): Promise<Candidate> {
    checkId(id);
    const { backends, tls } = this.#options;
    const parsed = jsonOf(content);
    const routes = isRouteList(parsed) ? readRouteList(parsed) : readIngress(parsed, backends);
    const { certificates, digest } = await certificatesOf(routes.tls, tls?.secrets);
    const marker = this.#markerOf([id, String(generation), contentHash(content), digest]);
    return { id, content, createdAt, marker, certificates, ...routes };
  }

  async #tryRead(version: Kept): Promise<Candidate | undefined> {
    try {
      return await this.#read(version);
    } catch {
      return undefined;
    }
  }
}

function rolledBack(reason: string, what: string, options?: ErrorOptions): DriverError {
  const message = `nginx did not serve ${what}; the former one is back`;
  return new DriverError('rolled_back', reason, message, options);
}

/**
 * The driver that makes each config an Ingress of a cluster, by server-side apply. Its objects carry
 * the owner's label: it changes, lists and deletes no other.
 */
import { KubeConfig } from '@kubernetes/client-node';
import type { Driver, DriverConfig, Installed, Proof } from '../driver.ts';
import { contentHash, DriverError } from '../driver.ts';
import { ApiError } from './api-error.ts';
import { AppliedRecords } from './applied-records.ts';
import { driverErrorOf } from './failures.ts';
import { IngressClient } from './ingress-client.ts';
import {
  configIdOf,
  digestOfApplied,
  type LiveIngress,
  type Place,
  type Wanted,
  wantedOf,
} from './ingress-object.ts';
import { createKubernetesApi, type KubernetesApi } from './kubernetes-api.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import { probeIngress } from './probe.ts';

/** A few calls follow each other, and each may be repeated. */
const CALL_TIMEOUT_MS = 15_000;
/** Tries against somebody who changes the same object. */
const CONFLICTS_MAX = 4;

/** Opens the driver; the cluster need not be there. Options are those of `kubernetesOptions`. */
export async function openKubernetesDriver(options: KubernetesOptions): Promise<Driver> {
  const config = new KubeConfig();
  if (options.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(options.kubeconfig);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  return new KubernetesDriver(options, createKubernetesApi(config));
}

class KubernetesDriver implements Driver {
  readonly name = 'kubernetes';
  readonly callTimeoutMs = CALL_TIMEOUT_MS;
  readonly #options: KubernetesOptions;
  readonly #api: KubernetesApi;
  readonly #ingresses: IngressClient;
  readonly #records: AppliedRecords;

  constructor(options: KubernetesOptions, api: KubernetesApi) {
    this.#options = options;
    this.#api = api;
    const { owner, namespaces } = options;
    this.#ingresses = new IngressClient({ api, owner, namespaces });
    this.#records = new AppliedRecords(options.dir);
  }

  async validate(config: DriverConfig, signal: AbortSignal): Promise<void> {
    const wanted = wantedOf(config, this.#options);
    await this.#asked(config.content, async () => {
      await this.#apply(wanted, { dryRun: true, signal });
    });
  }

  async apply(config: DriverConfig, signal: AbortSignal): Promise<void> {
    const wanted = wantedOf(config, this.#options);
    await this.#asked(config.content, async () => {
      const before = await this.#records.read(config.id);
      const live = await this.#apply(wanted, { dryRun: false, signal });
      // A version that is another object than the one before leaves that one over.
      if (!before || !isAt(before, wanted)) await this.#deleteAll(config.id, signal, wanted);
      const { id, hash, namespace, name, marks } = wanted;
      const digest = digestOfApplied(live, marks);
      await this.#records.write({ id, namespace, name, hash, digest, marks });
    });
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    await this.#asked('', async () => {
      await this.#deleteAll(id, signal);
      await this.#records.remove(id);
    });
  }

  async verify(config: DriverConfig, signal: AbortSignal): Promise<Proof> {
    const wanted = wantedOf(config, this.#options);
    return await this.#asked(config.content, async () => {
      const live = await this.#ingresses.get(wanted, signal);
      const hash = live && (await this.#hashOf(config.id, live));
      if (!live || hash !== contentHash(config.content)) {
        const what = live ? 'the object is not what was applied' : 'the object is gone';
        throw new DriverError('retry', 'NOT_IN_FORCE', what);
      }
      return await this.#prove(live, signal);
    });
  }

  async *list(signal: AbortSignal): AsyncGenerator<Installed> {
    const found = new Map<string, string>();
    const all = await this.#asked('', () => this.#ingresses.list(signal));
    for (const live of all) {
      const id = configIdOf(live, this.#options.owner);
      if (id === undefined) continue;
      found.set(id, found.has(id) ? 'more than one object' : await this.#hashOf(id, live));
    }
    for (const [id, hash] of found) yield { id, hash };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api[Symbol.asyncDispose]();
  }

  /** The object as it stands after the apply, or would stand. */
  async #apply(
    wanted: Wanted,
    { dryRun, signal }: { dryRun: boolean; signal: AbortSignal },
  ): Promise<LiveIngress> {
    return await this.#againOnConflict(async () => {
      const over = await this.#ingresses.get(wanted, signal);
      if (over) this.#checkOwn(over, wanted.id);
      const { live, isNew } = await this.#ingresses.apply(wanted, { dryRun, over }, signal);
      if (!over && !isNew && !dryRun) {
        await this.#ingresses.giveBack(wanted, signal);
        throw notOwned();
      }
      return live;
    });
  }

  #checkOwn(live: LiveIngress, id: string): void {
    const owned = configIdOf(live, this.#options.owner);
    if (owned === undefined) throw notOwned();
    if (owned !== id) {
      const message = `the object is that of config ${owned}: one of the two needs another name`;
      throw new DriverError('retry', 'OBJECT_TAKEN', message);
    }
    if (live.metadata.deletionTimestamp !== undefined) {
      throw new DriverError('retry', 'BEING_DELETED', 'the object is being deleted');
    }
  }

  async #deleteAll(id: string, signal: AbortSignal, except?: Place): Promise<void> {
    await this.#againOnConflict(async () => {
      for (const live of await this.#ingresses.list(signal, id)) {
        const isOwn = configIdOf(live, this.#options.owner) === id;
        if (!isOwn || (except && isAt(live.metadata, except))) continue;
        await this.#ingresses.delete(live, signal);
      }
    });
  }

  /** `contentHash` of what was applied, while the object stands as it did then. */
  async #hashOf(id: string, live: LiveIngress): Promise<string> {
    const record = await this.#records.read(id);
    if (!record || !isAt(record, live.metadata)) return 'not recorded';
    if (live.metadata.deletionTimestamp !== undefined) return 'being deleted';
    return digestOfApplied(live, record.marks) === record.digest ? record.hash : 'changed';
  }

  async #prove(live: LiveIngress, signal: AbortSignal): Promise<Proof> {
    const { verify, probe } = this.#options;
    if (verify === 'read-back') return { level: 'APPLIED', method: 'kubernetes read back' };
    if (verify === 'status') {
      if (live.status?.loadBalancer?.ingress.length) {
        return { level: 'VERIFIED', method: 'kubernetes status' };
      }
      const message = 'no ingress controller has given the object an address';
      throw new DriverError('retry', 'NOT_ADMITTED', message);
    }
    if (probe) await probeIngress(probe, live.spec, signal);
    return { level: 'VERIFIED', method: 'kubernetes probe' };
  }

  async #againOnConflict<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const isRace = error instanceof ApiError && error.code === 409 && !error.conflicts.length;
        if (!isRace || attempt >= CONFLICTS_MAX) throw error;
      }
    }
  }

  async #asked<T>(content: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw driverErrorOf(error, content);
    }
  }
}

function isAt(one: Place, other: Place): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}

function notOwned(): DriverError {
  const message = 'an Ingress of this name is there and is not ours: delete it, or name another';
  return new DriverError('rejected', 'NOT_OWNED', message);
}

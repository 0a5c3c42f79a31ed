import { z } from 'zod';
import { ApiError } from './api-error.ts';
import {
  CONFIG_LABEL,
  configLabel,
  type LiveIngress,
  OWNER_LABEL,
  type Place,
  readIngress,
  type Wanted,
} from './ingress-object.ts';
import type { KubernetesApi } from './kubernetes-api.ts';

const ROOT = '/apis/networking.k8s.io/v1';
const APPLY = 'application/apply-patch+yaml';
export const FIELD_MANAGER = 'rollcall';
const PAGE = '250';
/** Lists that begin anew because their token was too old, in a row. */
const LIST_ATTEMPTS_MAX = 3;

const page = z.object({
  metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
  items: z.array(z.unknown()),
});

export interface ApplyOptions {
  /** Asks for the answer alone. */
  readonly dryRun: boolean;
  /**
   * The owner's own object, of which fields that somebody else has set are taken back; undefined: the
   * object is to be made.
   */
  readonly over: LiveIngress | undefined;
}

/** The Ingresses of a cluster. Failures are ApiErrors. */
export class IngressClient {
  readonly #api: KubernetesApi;
  readonly #owner: string;
  readonly #namespaces: readonly string[] | undefined;

  constructor({ api, owner, namespaces }: IngressClientDeps) {
    this.#api = api;
    this.#owner = owner;
    this.#namespaces = namespaces;
  }

  async get(place: Place, signal: AbortSignal): Promise<LiveIngress | undefined> {
    try {
      return readIngress(
        (await this.#api.call({ method: 'GET', path: pathOf(place) }, signal)).body,
      );
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** `isNew`: the object was made by this call. */
  async apply(
    wanted: Wanted,
    { dryRun, over }: ApplyOptions,
    signal: AbortSignal,
  ): Promise<{ live: LiveIngress; isNew: boolean }> {
    const { uid, resourceVersion } = over?.metadata ?? {};
    const body = over
      ? {
          ...wanted.body,
          metadata: { ...(wanted.body['metadata'] as object), uid, resourceVersion },
        }
      : wanted.body;
    const options = { force: over !== undefined, dryRun };
    const { code, body: answer } = await this.#patch(wanted, body, options, signal);
    return { live: readIngress(answer), isNew: code === 201 };
  }

  /** Takes back every field that was applied to somebody's object. */
  async giveBack({ namespace, name, body }: Wanted, signal: AbortSignal): Promise<void> {
    const { apiVersion, kind } = body;
    const nothing = { apiVersion, kind, metadata: { name, namespace } };
    await this.#patch({ namespace, name }, nothing, { force: false, dryRun: false }, signal);
  }

  /** Deletes this very object; one that is gone is no error. A newer version of it is a conflict. */
  async delete({ metadata }: LiveIngress, signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion } = metadata;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid, resourceVersion },
    };
    try {
      await this.#api.call({ method: 'DELETE', path: pathOf(metadata), body }, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
    }
  }

  /** All of this owner's, or those of one config. */
  async list(signal: AbortSignal, id?: string): Promise<LiveIngress[]> {
    const selector = `${OWNER_LABEL}=${this.#owner}`;
    const labelSelector =
      id === undefined ? selector : `${selector},${CONFIG_LABEL}=${configLabel(id)}`;
    const paths = this.#namespaces?.map(collectionOf) ?? [`${ROOT}/ingresses`];
    const found: LiveIngress[] = [];
    for (const path of paths) found.push(...(await this.#pages(path, labelSelector, signal)));
    return found;
  }

  async #pages(path: string, labelSelector: string, signal: AbortSignal): Promise<LiveIngress[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#readPages(path, labelSelector, signal);
      } catch (error) {
        const isTooOld = error instanceof ApiError && error.code === 410;
        if (!isTooOld || attempt >= LIST_ATTEMPTS_MAX) throw error;
      }
    }
  }

  async #readPages(path: string, labelSelector: string, signal: AbortSignal) {
    const found: LiveIngress[] = [];
    let token = '';
    do {
      const query = { labelSelector, limit: PAGE, ...(token !== '' && { continue: token }) };
      const { body } = await this.#api.call({ method: 'GET', path, query }, signal);
      const { items, metadata } = page.parse(body);
      found.push(...items.map(readIngress));
      token = metadata.continue;
    } while (token !== '');
    return found;
  }

  async #patch(
    place: Place,
    body: object,
    { force, dryRun }: { force: boolean; dryRun: boolean },
    signal: AbortSignal,
  ) {
    const query = {
      ...{ fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', force: String(force) },
      ...(dryRun && { dryRun: 'All' }),
    };
    const call = { method: 'PATCH', path: pathOf(place), query, body, contentType: APPLY } as const;
    return await this.#api.call(call, signal);
  }
}

export interface IngressClientDeps {
  readonly api: KubernetesApi;
  readonly owner: string;
  readonly namespaces: readonly string[] | undefined;
}

function collectionOf(namespace: string): string {
  return `${ROOT}/namespaces/${encodeURIComponent(namespace)}/ingresses`;
}

function pathOf({ namespace, name }: Place): string {
  return `${collectionOf(namespace)}/${encodeURIComponent(name)}`;
}

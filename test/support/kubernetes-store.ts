// What an API server keeps of Ingresses, with the rules of server-side apply: who set a field owns it;
// whoever applies another value needs force; what its last owner leaves out goes away.

import { isDeepStrictEqual } from 'node:util';

export interface StoredIngress {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & { name: string; namespace: string };
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** An answer that is a failure, as the server's Status object. */
export class StatusFailure extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly { reason: string; message: string; field: string }[];

  constructor(code: number, reason: string, message: string, causes: StatusFailure['causes'] = []) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.causes = causes;
  }
}

interface Entry {
  object: StoredIngress;
  /** Leaves by who set them, as JSON paths; lists are one leaf. */
  owners: Map<string, Set<string>>;
}

export interface Preconditions {
  uid?: unknown;
  resourceVersion?: unknown;
}

const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const SPEC_FIELDS: readonly string[] = ['defaultBackend', 'ingressClassName', 'rules', 'tls'];

/** The Ingresses of one server. */
export class KubernetesStore {
  readonly namespaces = new Set(['default', 'test', 'other']);
  readonly #entries = new Map<string, Entry>();
  #revision = 100;
  #uids = 0;

  /** In the order of their names, as etcd has them. */
  all(namespace?: string): StoredIngress[] {
    return [...this.#entries]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { object }]) => object)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  }

  get revision(): number {
    return this.#revision;
  }

  get(namespace: string, name: string): StoredIngress {
    const entry = this.#entries.get(`${namespace}/${name}`);
    if (entry) return entry.object;
    throw new StatusFailure(404, 'NotFound', `ingresses.networking.k8s.io "${name}" not found`);
  }

  /** Server-side apply. */
  apply(
    { namespace, name }: { namespace: string; name: string },
    body: StoredIngress,
    { manager, force, dryRun }: { manager: string; force: boolean; dryRun: boolean },
  ): { object: StoredIngress; isNew: boolean } {
    if (!this.namespaces.has(namespace)) {
      throw new StatusFailure(404, 'NotFound', `namespaces "${namespace}" not found`);
    }
    const entry = this.#entries.get(`${namespace}/${name}`);
    const { uid, resourceVersion } = body.metadata;
    checkPreconditions(entry?.object, { uid, resourceVersion });
    const wanted = leavesOf(body);
    const next = merged(entry, wanted, { manager, force });
    const object = objectFrom(next.leaves, { namespace, name });
    validate(object);
    return { object: this.#keep(entry, { object, owners: next.owners }, dryRun), isNew: !entry };
  }

  /** What somebody with kubectl edit does. */
  edit(namespace: string, name: string, change: (object: StoredIngress) => void): void {
    const entry = this.#entries.get(`${namespace}/${name}`);
    if (!entry) throw new Error(`no ${namespace}/${name}`);
    const object = structuredClone(entry.object);
    change(object);
    const before = leavesOf(entry.object);
    const owners = new Map([...entry.owners].map(([who, paths]) => [who, new Set(paths)] as const));
    const edited = owners.get('kubectl-edit') ?? new Set<string>();
    for (const [path, value] of leavesOf(object)) {
      if (isDeepStrictEqual(before.get(path), value)) continue;
      for (const paths of owners.values()) paths.delete(path);
      edited.add(path);
    }
    owners.set('kubectl-edit', edited);
    this.#keep(entry, { object, owners }, false);
  }

  /** What somebody with kubectl create does. */
  create(object: StoredIngress): void {
    const { namespace, name } = object.metadata;
    const options = { manager: 'kubectl-create', force: false, dryRun: false };
    this.apply({ namespace, name }, object, options);
  }

  delete(namespace: string, name: string, preconditions: Preconditions = {}): void {
    checkPreconditions(this.get(namespace, name), preconditions);
    this.#entries.delete(`${namespace}/${name}`);
    this.#revision += 1;
  }

  #keep(before: Entry | undefined, next: Entry, dryRun: boolean): StoredIngress {
    const { object } = next;
    const old = before?.object;
    const isSame = old && isDeepStrictEqual(leavesOf(old), leavesOf(object));
    const generation = Number(old?.metadata['generation'] ?? 0);
    const isSpecSame = old && isDeepStrictEqual(old.spec, object.spec);
    const kept: StoredIngress = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: old?.metadata['uid'] ?? `uid-${this.#uids + 1}`,
        resourceVersion: isSame ? old.metadata['resourceVersion'] : String(this.#revision + 1),
        generation: isSpecSame ? generation : generation + 1,
        creationTimestamp: old?.metadata['creationTimestamp'] ?? '2026-01-01T00:00:00Z',
        managedFields: [...next.owners].map(([manager]) => ({ manager, operation: 'Apply' })),
      },
      status: old?.status ?? { loadBalancer: {} },
    };
    if (dryRun) return kept;
    if (!old) this.#uids += 1;
    if (!isSame) this.#revision += 1;
    const { namespace, name } = kept.metadata;
    this.#entries.set(`${namespace}/${name}`, { object: kept, owners: next.owners });
    return kept;
  }
}

/** Leaves of what clients may set, by JSON path. */
function leavesOf({ metadata, spec }: StoredIngress): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const map of ['labels', 'annotations']) {
    for (const [key, value] of Object.entries(metadata[map] ?? {})) {
      leaves.set(JSON.stringify(['metadata', map, key]), value);
    }
  }
  for (const [key, value] of Object.entries(spec ?? {})) {
    leaves.set(JSON.stringify(['spec', key]), value);
  }
  return leaves;
}

function merged(
  entry: Entry | undefined,
  wanted: Map<string, unknown>,
  { manager, force }: { manager: string; force: boolean },
): { leaves: Map<string, unknown>; owners: Map<string, Set<string>> } {
  const leaves = entry ? leavesOf(entry.object) : new Map<string, unknown>();
  const owners = new Map(
    [...(entry?.owners ?? [])].map(([who, of]) => [who, new Set(of)] as const),
  );
  const conflicts: { reason: string; message: string; field: string }[] = [];
  for (const [path, value] of wanted) {
    for (const [who, paths] of owners) {
      if (who === manager || !paths.has(path) || isDeepStrictEqual(leaves.get(path), value))
        continue;
      const message = `conflict with "${who}" using networking.k8s.io/v1`;
      conflicts.push({ reason: 'FieldManagerConflict', message, field: path });
      if (force) paths.delete(path);
    }
    leaves.set(path, value);
  }
  if (conflicts.length > 0 && !force) {
    const message = `Apply failed with ${conflicts.length} conflicts`;
    throw new StatusFailure(409, 'Conflict', message, conflicts);
  }
  const before = owners.get(manager) ?? new Set<string>();
  owners.set(manager, new Set(wanted.keys()));
  for (const path of before) {
    const isOwned = [...owners.values()].some((paths) => paths.has(path));
    if (!isOwned) leaves.delete(path);
  }
  return { leaves, owners };
}

function objectFrom(
  leaves: Map<string, unknown>,
  place: { namespace: string; name: string },
): StoredIngress {
  const labels: Record<string, unknown> = {};
  const annotations: Record<string, unknown> = {};
  const spec: Record<string, unknown> = {};
  for (const [path, value] of leaves) {
    const [top, second = '', key = ''] = JSON.parse(path) as string[];
    if (top === 'spec') spec[second] = value;
    else if (second === 'labels') labels[key] = value;
    else annotations[key] = value;
  }
  const metadata = { ...place, labels, annotations };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec };
}

function checkPreconditions(live: StoredIngress | undefined, wanted: Preconditions): void {
  for (const field of ['uid', 'resourceVersion'] as const) {
    if (wanted[field] === undefined || wanted[field] === live?.metadata[field]) continue;
    throw new StatusFailure(409, 'Conflict', `the ${field} in the precondition is another`);
  }
}

function validate({ metadata, spec }: StoredIngress): void {
  const invalid = (field: string, why: string) =>
    new StatusFailure(422, 'Invalid', `Ingress "${metadata.name}" is invalid: ${field}: ${why}`);
  if (!DNS_NAME.test(metadata.name)) throw invalid('metadata.name', 'no RFC 1123 subdomain');
  const unknown = Object.keys(spec).find((field) => !SPEC_FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new StatusFailure(400, 'BadRequest', `strict decoding error: unknown field "${unknown}"`);
  }
  for (const { host } of (spec['rules'] ?? []) as { host?: string }[]) {
    if (host !== undefined && !HOST.test(host)) throw invalid('spec.rules[0].host', 'no host name');
  }
  const isEmpty = SPEC_FIELDS.every((field) => spec[field] === undefined);
  if (isEmpty) throw invalid('spec', 'either `defaultBackend` or `rules` must be specified');
}

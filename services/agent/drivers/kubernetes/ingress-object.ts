// What becomes of a config in the cluster: one Ingress, with marks by which the driver knows it again.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#libs/keyspace';
import { contentHash, type DriverConfig, DriverError } from '../driver.ts';

/** Whose object it is. */
export const OWNER_LABEL = 'rollcall.io/owner';
/** Of which config: a hash, as ids are longer than a label's value may be. */
export const CONFIG_LABEL = 'rollcall.io/config';
const ID = 'rollcall.io/config-id';
const GENERATION = 'rollcall.io/generation';
const EPOCH = 'rollcall.io/epoch';
const HASH = 'rollcall.io/content-hash';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const RESERVED: readonly string[] = [OWNER_LABEL, CONFIG_LABEL, ID, GENERATION, EPOCH, HASH];
const CONFIG_LABEL_CHARS = 40;

/** Rule of an Ingress's name: a DNS subdomain. */
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const texts = z.record(z.string(), z.string());

const manifest = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata: z.object({
    name: z.string().regex(NAME),
    namespace: z.string().optional(),
    labels: texts.default({}),
    annotations: texts.default({}),
  }),
  spec: z.record(z.string(), z.unknown()),
});

const living = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: texts.default({}),
    annotations: texts.default({}),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z
    .object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).default([]) }).optional() })
    .optional(),
});

/** An Ingress as the API server has it. */
export type LiveIngress = z.infer<typeof living>;

/** Throws a ZodError for what is none. */
export function readIngress(value: unknown): LiveIngress {
  return living.parse(value);
}

/** Where an Ingress is. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** What a config wants to be in the cluster. */
export interface Wanted extends Place {
  readonly id: string;
  readonly hash: string;
  /** The object to apply. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly marks: Marks;
}

/** Names of the labels and annotations that were applied. */
export interface Marks {
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
}

export interface WantedOptions {
  readonly namespace: string;
  readonly namespaces: readonly string[] | undefined;
  readonly owner: string;
}

/** Throws a DriverError for what can never become an Ingress here. */
export function wantedOf(config: DriverConfig, options: WantedOptions): Wanted {
  const parsed = manifest.safeParse(JSON.parse(config.content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw rejected('NOT_AN_INGRESS', `no Ingress of networking.k8s.io/v1: ${field}`);
  }
  const { apiVersion, kind, metadata, spec } = parsed.data;
  const { name, namespace = options.namespace } = metadata;
  if (options.namespaces?.includes(namespace) === false) {
    throw rejected('NAMESPACE_NOT_ALLOWED', 'the namespace is none of the option "namespaces"');
  }
  const given = [...Object.keys(metadata.labels), ...Object.keys(metadata.annotations)];
  const reserved = given.find((key) => RESERVED.includes(key));
  if (reserved !== undefined) throw rejected('RESERVED_MARK', `${reserved} is the driver's own`);
  const hash = contentHash(config.content);
  const labels = {
    [MANAGED_BY]: 'rollcall',
    ...metadata.labels,
    ...labelsOf(config.id, options.owner),
  };
  const annotations = {
    ...metadata.annotations,
    ...{ [ID]: config.id, [GENERATION]: String(config.generation), [HASH]: hash },
    ...(config.epoch !== undefined && { [EPOCH]: String(config.epoch) }),
  };
  return {
    ...{ id: config.id, hash, namespace, name },
    body: { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec },
    marks: { labels: Object.keys(labels), annotations: Object.keys(annotations) },
  };
}

function labelsOf(id: string, owner: string): Record<string, string> {
  return { [OWNER_LABEL]: owner, [CONFIG_LABEL]: configLabel(id) };
}

/** Value of `CONFIG_LABEL`. */
export function configLabel(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, CONFIG_LABEL_CHARS);
}

/** The config that an object of this owner belongs to; undefined for somebody else's. */
export function configIdOf({ metadata }: LiveIngress, owner: string): string | undefined {
  const { [ID]: id } = metadata.annotations;
  const { [OWNER_LABEL]: whose, [CONFIG_LABEL]: label } = metadata.labels;
  return id !== undefined && whose === owner && label === configLabel(id) ? id : undefined;
}

/** Identifies all that was applied, as it stands: the whole spec, and the marks among others' marks. */
export function digestOfApplied({ metadata, spec }: LiveIngress, marks: Marks): string {
  const pick = (of: Readonly<Record<string, string>>, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, of[name] ?? null]));
  const labels = pick(metadata.labels, marks.labels);
  const annotations = pick(metadata.annotations, marks.annotations);
  return contentHash(canonicalJson({ spec, labels, annotations }));
}

function rejected(reason: string, message: string): DriverError {
  return new DriverError('rejected', reason, message);
}

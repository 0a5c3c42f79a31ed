import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { fixed20FromValue, toFixed20 } from './fixed.ts';

/** Proof that a report needs before it counts. */
export type CompletionPolicy = 'APPLIED' | 'VERIFIED';

/** A JSON object. */
export type JsonObject = { [name: string]: unknown };

/** What a config key holds: a pure function of the row, so that every publisher writes the same bytes. */
export interface ConfigValue {
  generation: number;
  /** `digestOf(content, completionPolicy)`. */
  digest: string;
  completionPolicy: CompletionPolicy;
  labels: Readonly<Record<string, string>>;
  /** When the generation became durable: ISO 8601, UTC, milliseconds. */
  acceptedAt: string;
  /**
   * When the config was created, or last created again after a delete; in the same form. Tells which
   * of two configs is older.
   */
  createdAt: string;
  /** W3C trace context of the write, or empty. */
  traceparent: string;
  /** Canonical JSON (RFC 8785) of an object. */
  content: string;
}

/** Largest canonical config. etcd refuses requests above 1.5 MiB. */
export const CONTENT_BYTES_MAX = 256 * 1024;

/** Why a value is foreign: not written by a controller of this protocol. */
export interface Foreign {
  foreign: string;
}

/** Canonical JSON (RFC 8785). Throws on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** Lower-case hexadecimal SHA-256 over the canonical JSON of config and policy together. */
export function digestOf(content: string, completionPolicy: CompletionPolicy): string {
  return hash('sha256', `{"completion_policy":"${completionPolicy}","config":${content}}`);
}

/** The bytes of a config key. The generation comes first, in 20 digits, for value compares. */
export function encodeConfig(value: ConfigValue): string {
  return encodeFields(value, { created_at: value.createdAt });
}

function encodeFields(value: ConfigValue, created: { created_at?: string }): string {
  const rest = JSON.stringify({
    digest: value.digest,
    completion_policy: value.completionPolicy,
    labels: sortedLabels(value.labels),
    accepted_at: value.acceptedAt,
    ...created,
    traceparent: value.traceparent,
  });
  return `${configGuard(value.generation)},${rest.slice(1, -1)},"config":${value.content}}`;
}

/** First bytes of every config value of `generation`: what a guarded transaction compares with. */
export function configGuard(generation: number): string {
  return `{"generation":"${toFixed20(generation)}"`;
}

/**
 * Reads a config key's value. Canonical values only: a value that a controller would have written
 * otherwise, to the byte, is foreign. One from before configs had a time of creation stands until the
 * next generation, because equal generation and digest mean no write; it counts as created when it
 * was accepted. Never throws.
 */
export function decodeConfig(bytes: Uint8Array): ConfigValue | Foreign {
  // Decoded, other bytes would be mended, and pass for what a controller wrote.
  if (!isUtf8(bytes)) return { foreign: 'not UTF-8' };
  const text = Buffer.from(bytes).toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { foreign: 'not JSON' };
  }
  if (!isObject(body)) return { foreign: 'not an object' };
  const generation =
    typeof body['generation'] === 'string' ? fixed20FromValue(body['generation']) : undefined;
  if (generation === undefined || generation === 0) return { foreign: 'bad generation' };
  if (!isObject(body['config'])) return { foreign: 'config is not an object' };
  const policy = body['completion_policy'];
  if (policy !== 'APPLIED' && policy !== 'VERIFIED') return { foreign: 'bad completion policy' };
  const acceptedAt = String(body['accepted_at']);
  const isDated = 'created_at' in body;
  const value = {
    generation,
    digest: String(body['digest']),
    completionPolicy: policy,
    labels: isObject(body['labels']) ? (body['labels'] as Record<string, string>) : {},
    acceptedAt,
    createdAt: isDated ? String(body['created_at']) : acceptedAt,
    traceparent: String(body['traceparent']),
    content: contentOf(body['config']),
  } satisfies ConfigValue;
  const reason = whyForeign(value);
  if (reason !== undefined) return { foreign: reason };
  const canonical = isDated ? encodeConfig(value) : encodeFields(value, {});
  return canonical === text ? value : { foreign: 'not canonical' };
}

function whyForeign(value: ConfigValue): string | undefined {
  if (!Object.values(value.labels).every((label) => typeof label === 'string')) {
    return 'bad labels';
  }
  if (Buffer.byteLength(value.content) > CONTENT_BYTES_MAX) return 'too large';
  if (value.digest !== digestOf(value.content, value.completionPolicy)) {
    return 'digest does not match';
  }
  return undefined;
}

function contentOf(config: unknown): string {
  try {
    return canonicalJson(config);
  } catch {
    return '';
  }
}

function sortedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

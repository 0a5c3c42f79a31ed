// Random requests from the protos themselves: whatever a field's type allows, and often what is nearly
// right, so that the call gets past the first check.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import protobuf, { type Field, type Service, type Type } from 'protobufjs';
import { ingressOf } from './configs.ts';

/** Messages in messages: deeper ones are left out. */
const DEPTH_MAX = 3;
const PROTO_DIR = join(import.meta.dirname, '../../proto');

const root = new protobuf.Root();
const found = root.resolvePath.bind(root);
root.resolvePath = (origin, target) =>
  /^(rollcall|google\/api)\//.test(target) ? join(PROTO_DIR, target) : found(origin, target);
root
  .loadSync(
    readdirSync(join(PROTO_DIR, 'rollcall/v1')).map((name) => `rollcall/v1/${name}`),
    { keepCase: false },
  )
  .resolveAll();

/** A method that a test can call. */
export interface ArbitraryMethod {
  readonly name: string;
  readonly isStream: boolean;
  /** Whether it takes a stream of requests. */
  readonly takesStream: boolean;
  readonly request: Arbitrary<Record<string, unknown>>;
}

/** The methods of a service, each with requests of all kinds. */
export function methodsOf(service: string): ArbitraryMethod[] {
  const definition: Service = root.lookupService(`rollcall.v1.${service}`);
  return definition.methodsArray.map((method) => ({
    name: method.name,
    isStream: method.responseStream === true,
    takesStream: method.requestStream === true,
    request: messageOf(root.lookupType(method.requestType), 0),
  }));
}

const counters = fc.constantFrom(0, 1, 2, 3, -1, 1e6, 2 ** 31 - 1, 2 ** 53 - 1, -(2 ** 53) + 1);
const small = fc.constantFrom(0, 1, 2, 100, 1_001, -1, 2 ** 31 - 1, -(2 ** 31));
const ids = fc.constantFrom('web', 'site', 'a.b', 'x'.repeat(253), 'x'.repeat(254), 'UP', 'a/b');
const envs = fc.constantFrom('1', '10', 'fuzz', '-', '', 'Ä', '..', 'x'.repeat(63), 'x'.repeat(64));
const json = fc.oneof(
  fc.json(),
  fc.constantFrom('{', '[]', 'null', '1', '"x"', '{"a":1,"a":2}', '{"a":1e999}', ''),
  fc.constant(JSON.stringify(ingressOf('fuzz.test'))),
);
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), ids, envs);

/** Texts that a field of this name would want, and others. */
const TEXTS: Readonly<Record<string, Arbitrary<string>>> = {
  env: fc.oneof(envs, texts),
  envs: fc.oneof(envs, texts),
  id: fc.oneof(ids, texts),
  name: fc.oneof(ids, texts),
  configJson: json,
  pageToken: fc.oneof(fc.constant(''), texts, fc.base64String()),
  resumeToken: fc.oneof(fc.constant(''), texts, fc.base64String()),
};

function messageOf(type: Type, depth: number): Arbitrary<Record<string, unknown>> {
  if (type.fullName === '.google.protobuf.Struct') return structs;
  if (type.fullName === '.google.protobuf.Timestamp') {
    return fc.record({ seconds: counters, nanos: small });
  }
  const fields: Record<string, Arbitrary<unknown>> = {};
  for (const field of type.fieldsArray) {
    const value = valueOf(field.resolve(), depth);
    if (value) fields[field.name] = value;
  }
  return fc.record(fields, { requiredKeys: [] });
}

function valueOf(field: Field, depth: number): Arbitrary<unknown> | undefined {
  if (field instanceof protobuf.MapField) return fc.dictionary(texts, texts, { maxKeys: 4 });
  const one = singleOf(field, depth);
  return one && field.repeated ? fc.array(one, { maxLength: 4 }) : one;
}

function singleOf(field: Field, depth: number): Arbitrary<unknown> | undefined {
  const { resolvedType, type, name } = field;
  if (resolvedType instanceof protobuf.Type) {
    return depth < DEPTH_MAX ? messageOf(resolvedType, depth + 1) : undefined;
  }
  if (resolvedType) {
    const { values } = resolvedType;
    return fc.oneof(fc.constantFrom(...Object.values(values)), fc.constantFrom(99, -1));
  }
  switch (type) {
    case 'string':
      return TEXTS[name] ?? texts;
    case 'bool':
      return fc.boolean();
    case 'int32':
    case 'uint32':
      return small;
    default:
      return counters;
  }
}

const structs: Arbitrary<Record<string, unknown>> = fc
  .oneof(fc.dictionary(texts, fc.jsonValue({ maxDepth: 4 })), fc.constant(ingressOf('fuzz.test')))
  .map((object) => ({ fields: fieldsOf(object as Record<string, unknown>) }));

function fieldsOf(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)]));
}

function toValue(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return { nullValue: 0 };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: { fields: fieldsOf(value as Record<string, unknown>) } };
}

import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  type Registry,
  ScalarType,
} from '@bufbuild/protobuf';
import { camelCase, type FieldViolation, invalidArgument } from '#libs/grpc';
import type { Endpoint } from './endpoints.ts';
import { FIELD_MASK, jsonViolations } from './json-violations.ts';

/** The parts of an HTTP request that make the message. */
export interface RequestParts {
  endpoint: Endpoint;
  variables: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON; undefined: no body. */
  body: JsonValue | undefined;
  /** Fields that headers set, by their name in the proto. */
  fields: Readonly<Record<string, string>>;
}

/**
 * The request message by the rules of google.api.http: path variables, then the body, and what is left
 * from the query. Throws StatusError INVALID_ARGUMENT that names the field.
 */
export function requestMessage(parts: RequestParts, registry: Registry): Message {
  const { endpoint, variables, body, fields } = parts;
  const { input } = endpoint.method;
  const json = bodyFields(endpoint, body);
  const bound = { ...variables, ...fields };
  const violations = [...queryViolations(json, parts, bound), ...bindFields(json, input, bound)];
  if (violations.length > 0) throw invalidArgument(violations);
  try {
    return fromJson(input, json, { registry });
  } catch {
    const found = jsonViolations(input, json, registry);
    const all = { field: 'request', description: 'is no message of its type' };
    throw invalidArgument(found.length > 0 ? found : [all]);
  }
}

/** Takes over the query; tells what is wrong in it. */
function queryViolations(
  json: JsonObject,
  { endpoint, query }: RequestParts,
  bound: Readonly<Record<string, string>>,
): FieldViolation[] {
  return [...query].flatMap(([field, value]) => {
    const description =
      field in bound
        ? 'is set by the path or a header already'
        : endpoint.body === '*'
          ? 'must be in the body'
          : setFromQuery(json, endpoint.method.input, dotted(field), value);
    return description === undefined ? [] : [{ field, description }];
  });
}

/** Takes over what the path and headers say; tells where the body says otherwise. */
function bindFields(
  json: JsonObject,
  input: DescMessage,
  bound: Readonly<Record<string, string>>,
): FieldViolation[] {
  return Object.entries(bound).flatMap(([name, value]) => {
    const field = fieldNamed(input, name);
    if (!field) return [];
    const given = json[field.jsonName] ?? json[field.name] ?? value;
    delete json[field.name];
    json[field.jsonName] = value;
    const isSame = typeof given !== 'object' && String(given) === value;
    return isSame ? [] : [{ field: name, description: 'differs from the path or a header' }];
  });
}

function bodyFields({ body: rule, method }: Endpoint, body: JsonValue | undefined): JsonObject {
  if (body === undefined) return {};
  if (rule === '') throw invalidArgument([{ field: 'body', description: 'must be empty' }]);
  if (rule !== '*') return { [fieldNamed(method.input, rule)?.jsonName ?? rule]: body };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidArgument([{ field: 'body', description: 'must be a JSON object' }]);
  }
  return { ...body };
}

/** OpenAPI knows `labels[app]` and no dots. */
function dotted(name: string): string {
  return name.replace(/^(\w+)\[(.+)\]$/, '$1.$2');
}

/** Sets `labels.app=web`, `after.epoch=3`, `states=A&states=B`; tells what is wrong, if anything. */
function setFromQuery(
  json: JsonObject,
  message: DescMessage,
  name: string,
  value: string,
): string | undefined {
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const rest = dot < 0 ? '' : name.slice(dot + 1);
  const field = fieldNamed(message, head);
  if (!field) return 'is no parameter of this method';
  const key = field.jsonName;
  if (field.message?.typeName === FIELD_MASK && rest === '') {
    if (key in json) return 'is given twice';
    json[key] = camelCase(value);
    return undefined;
  }
  if (field.fieldKind === 'map' || field.fieldKind === 'message') {
    if (rest === '') return 'needs a name after a dot';
    const inner = (json[key] ??= {}) as JsonObject;
    if (field.fieldKind === 'message') return setFromQuery(inner, field.message, rest, value);
    if (rest in inner) return 'is given twice';
    inner[rest] = value;
    return undefined;
  }
  if (rest !== '') return 'is no parameter of this method';
  if (field.fieldKind === 'list') {
    const list = (json[key] ??= []) as JsonValue[];
    list.push(value);
    return undefined;
  }
  if (key in json) return 'is given twice';
  json[key] = scalarFrom(field, value);
  return undefined;
}

function scalarFrom(field: DescField, value: string): JsonValue {
  const isBoolean = field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL;
  return isBoolean && (value === 'true' || value === 'false') ? value === 'true' : value;
}

/** By its name in the proto or in JSON, as proto3 JSON takes both. */
function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name || field.jsonName === name);
}

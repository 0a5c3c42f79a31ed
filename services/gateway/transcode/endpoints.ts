// Reads the REST surface from the descriptors: every method with google.api.http is an endpoint, and
// no code here knows a method by its name.

import {
  createFileRegistry,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createPathTemplate, type PathTemplate } from './path-template.ts';

export type Verb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

/** One way to call one method. */
export interface Endpoint {
  readonly verb: Verb;
  readonly path: PathTemplate;
  readonly method: DescMethod;
  /** `*`, a field of the request, or empty: no body. */
  readonly body: string;
  /** Field of the answer that is sent in its place, or empty. */
  readonly responseBody: string;
  /** The first of its method; the others are additional bindings. */
  readonly isPrimary: boolean;
}

/** The REST surface. */
export interface Api {
  readonly registry: FileRegistry;
  readonly endpoints: readonly Endpoint[];
}

interface HttpRule {
  pattern: { case?: string; value?: unknown };
  body: string;
  responseBody: string;
  additionalBindings: HttpRule[];
}

const OPTION = 'google.api.http';

/** Reads a serialised descriptor set. Throws when a rule is none that is known here. */
export function readApi(descriptorSet: Uint8Array): Api {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const option = registry.getExtension(OPTION);
  if (!option) throw new Error(`the descriptor set does not define ${OPTION}`);
  const endpoints: Endpoint[] = [];
  for (const file of registry.files) {
    for (const method of file.services.flatMap((service) => service.methods)) {
      const rule = ruleOf(getOption(method, option));
      if (rule.pattern.case === undefined) continue;
      endpoints.push(endpointOf(method, rule, true));
      for (const more of rule.additionalBindings) endpoints.push(endpointOf(method, more, false));
    }
  }
  return { registry, endpoints };
}

/** Of a message whose type is known from the descriptors alone. */
function ruleOf(option: unknown): HttpRule {
  return option as HttpRule;
}

function endpointOf(method: DescMethod, rule: HttpRule, isPrimary: boolean): Endpoint {
  const { body, responseBody, pattern } = rule;
  const verb = pattern.case?.toUpperCase() ?? '';
  if (!isVerb(verb) || typeof pattern.value !== 'string') {
    throw new Error(`${method.name}: ${OPTION} with ${verb} is not known`);
  }
  const path = createPathTemplate(pattern.value);
  return { verb, path, method, body, responseBody, isPrimary };
}

function isVerb(text: string): text is Verb {
  return ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].includes(text);
}

/** What a request's verb and path stand for. */
export type Route =
  | { kind: 'found'; endpoint: Endpoint; variables: Readonly<Record<string, string>> }
  | { kind: 'wrong verb'; allowed: readonly Verb[] }
  | { kind: 'unknown path' };

/** Finds the endpoint of a path, which still is percent-encoded. */
export function route(endpoints: readonly Endpoint[], verb: string, path: string): Route {
  const allowed = new Set<Verb>();
  for (const endpoint of endpoints) {
    const variables = endpoint.path.match(path);
    if (!variables) continue;
    if (endpoint.verb === verb) return { kind: 'found', endpoint, variables };
    allowed.add(endpoint.verb);
  }
  return allowed.size > 0
    ? { kind: 'wrong verb', allowed: [...allowed] }
    : { kind: 'unknown path' };
}

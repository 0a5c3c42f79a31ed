import { ingressOf } from './configs.ts';

/** A call that is refused. */
export interface BadCall {
  readonly what: string;
  readonly service: 'controller' | 'aggregator';
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly code: string;
  /** Of a violation; empty when the code needs none. */
  readonly field: string;
}

type Change = (spec: Spec, ingress: Record<string, unknown>) => void;
interface Path {
  path?: unknown;
  pathType?: unknown;
  backend: { service: { name: string; port: Record<string, unknown> } };
  [name: string]: unknown;
}
interface Rule {
  host: unknown;
  http: { paths: [Path, ...Path[]] };
}
export interface Spec {
  rules: [Rule, ...Rule[]];
  [name: string]: unknown;
}

/** Field of the only rule. */
export const RULE = 'config.spec.rules[0]';
const PATH = `${RULE}.http.paths[0]`;
/** Field of the only port. */
export const PORT = `${PATH}.backend.service.port`;

/** A Set of `1/bad` with something about it changed. */
export function set(
  what: string,
  field: string,
  request: Readonly<Record<string, unknown>>,
  code = 'INVALID_ARGUMENT',
): BadCall {
  const whole = { env: '1', id: 'bad', configJson: '{"a":1}', ...request };
  return { what, service: 'controller', method: 'SetIngressConfig', request: whole, code, field };
}

/** A Set of an Ingress that was changed. */
export function ingress(what: string, field: string, change: Change): BadCall {
  const config = structuredClone(ingressOf('bad.test')) as Record<string, unknown>;
  change(config['spec'] as Spec, config);
  return set(what, field, { configJson: JSON.stringify(config) });
}

/** A Set of an Ingress with another host. */
export const host = (what: string, value: unknown) =>
  ingress(what, `${RULE}.host`, ({ rules: [rule] }) => {
    rule.host = value;
  });
/** A Set of an Ingress with its path changed. */
export const path = (what: string, field: string, change: Partial<Path>) =>
  ingress(what, `${PATH}.${field}`, ({ rules: [rule] }) =>
    Object.assign(rule.http.paths[0], change),
  );
/** A Set of an Ingress with another backend. */
export const service = (what: string, name: string) =>
  ingress(what, `${PATH}.backend.service.name`, ({ rules: [rule] }) => {
    rule.http.paths[0].backend.service.name = name;
  });
/** A Set of an Ingress with another port. */
export const port = (what: string, field: string, value: Record<string, unknown>) =>
  ingress(what, field, ({ rules: [rule] }) => {
    rule.http.paths[0].backend.service.port = value;
  });
/** A Set of an Ingress with an annotation. */
export const annotation = (name: string, value = 'x') =>
  ingress(`the annotation ${name}`, `config.metadata.annotations.${name}`, (_, config) => {
    config['metadata'] = { name: 'bad', annotations: { [name]: value } };
  });

const NAMES: Record<string, string> = {
  'a slash': 'a/b',
  'a slash alone': '/',
  dots: '..',
  'dots inside': 'a..b',
  'an escaped slash': '%2f',
  NUL: 'a\0',
  'a newline': 'a\n',
  'an upper-case letter': 'Env1',
  'a letter that is not ASCII': 'ümlaut',
  'a look-alike letter': 'а',
  'a hyphen at the end': 'a-',
  'a blank': ' ',
};

/** A call of any method. */
export function call(
  service: BadCall['service'],
  method: string,
  field: string,
  request: Readonly<Record<string, unknown>>,
  code = 'INVALID_ARGUMENT',
): BadCall {
  return { what: `${service} ${method}: ${field || code}`, service, method, request, code, field };
}

/** Every bad name in every place of one. */
export function names(): BadCall[] {
  const long = (length: number) => 'a'.repeat(length);
  const all = { ...NAMES, 'no name': '' };
  return [
    ...Object.entries({ ...all, 'too long': long(64) }).flatMap(([why, env]) => [
      { ...set(`Set: an env of ${why}`, 'env', { env }) },
      { ...call('controller', 'DeleteIngressConfig', 'env', { env, id: 'kept' }) },
      { ...call('controller', 'GetIngressConfig', 'env', { env, id: 'kept' }) },
      { ...call('controller', 'ListIngressConfigs', 'env', { env }) },
      { ...call('controller', 'ListGenerations', 'env', { env, id: 'kept' }) },
      { ...call('controller', 'UpdateEnvironment', 'env', { env, minAgents: 1 }) },
      { ...call('controller', 'DecommissionAgent', 'env', { env, name: 'a' }) },
      { ...call('aggregator', 'GetCompletion', 'env', { env, id: 'kept' }) },
      { ...call('aggregator', 'WaitForCompletion', 'envs[0]', { envs: [env], id: 'kept' }) },
      { ...call('aggregator', 'GetEnvironment', 'env', { env }) },
    ]),
    ...Object.entries({ ...all, 'too long': long(254) }).flatMap(([why, id]) => [
      // A Set without an id gets one.
      ...(id === '' ? [] : [set(`Set: an id of ${why}`, 'id', { id })]),
      call('controller', 'DeleteIngressConfig', 'id', { env: '1', id }),
      call('controller', 'GetIngressConfig', 'id', { env: '1', id }),
      call('controller', 'GetGeneration', 'id', { env: '1', id, generation: 1 }),
      call('controller', 'DiffGenerations', 'id', { env: '1', id }),
      call('controller', 'RollbackIngressConfig', 'id', { env: '1', id, toGeneration: 1 }),
      call('aggregator', 'GetCompletion', 'id', { env: '1', id }),
      call('aggregator', 'WaitForCompletion', 'id', { envs: ['1'], id }),
      call('aggregator', 'GetReceipt', 'id', { env: '1', id }),
    ]),
    ...Object.entries({ ...all, 'too long': long(64) }).map(([, name]) =>
      call('controller', 'DecommissionAgent', 'name', { env: '1', name }),
    ),
    call('aggregator', 'WaitForCompletion', 'agent', { envs: ['1'], id: 'kept', agent: 'a/b' }),
  ];
}

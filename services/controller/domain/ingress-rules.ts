// What Kubernetes asks of a networking.k8s.io/v1 Ingress, and a little more: text that a proxy could
// read as configuration is refused here, before anything is written.

import { isObject, type JsonObject } from '#libs/keyspace';
import { checkBackend } from './backend-rules.ts';
import { hostProblem } from './host-rules.ts';
import { entriesOf, objectAt } from './manifest-fields.ts';
import { checkPath } from './path-rules.ts';
import type { Violations } from './violations.ts';

const RULES_MAX = 200;
const HOSTS_MAX = 50;

/** ingress-nginx and HAProxy name one, the ingress controller of NGINX itself several. */
const SNIPPET = /-snippets?$/;

const TOP = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
const METADATA = [
  'annotations',
  'clusterName',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];
const SPEC = ['defaultBackend', 'ingressClassName', 'rules', 'tls'];

/** Checks a config that says `kind: Ingress`. Every problem is added with its path. */
export function checkIngress(config: JsonObject, violations: Violations): void {
  objectAt(config, 'config', TOP, violations);
  violations.require(
    config['apiVersion'] === 'networking.k8s.io/v1',
    'config.apiVersion',
    'must be networking.k8s.io/v1 for kind Ingress',
  );
  checkMetadata(config['metadata'], violations);
  checkKeyMaterial(config, 'config', violations);
  const spec = objectAt(config['spec'], 'config.spec', SPEC, violations);
  if (!spec) return;
  checkText(spec['ingressClassName'], 'config.spec.ingressClassName', violations);
  if (isPresent(spec['defaultBackend'])) {
    checkBackend(spec['defaultBackend'], 'config.spec.defaultBackend', violations);
  }
  checkTls(spec['tls'], violations);
  checkRules(spec['rules'], violations);
}

function checkMetadata(value: unknown, violations: Violations): void {
  const field = 'config.metadata';
  const metadata = isPresent(value) ? objectAt(value, field, METADATA, violations) : undefined;
  if (!metadata) return;
  for (const name of ['name', 'generateName', 'namespace']) {
    checkText(metadata[name], `${field}.${name}`, violations);
  }
  for (const map of ['labels', 'annotations']) {
    const entries = metadata[map];
    if (!isPresent(entries)) continue;
    if (!violations.require(isObject(entries), `${field}.${map}`, 'must be an object')) continue;
    for (const [name, text] of Object.entries(entries as JsonObject)) {
      violations.require(typeof text === 'string', `${field}.${map}.${name}`, 'must be a string');
    }
  }
  if (isObject(metadata['annotations'])) checkAnnotations(metadata['annotations'], violations);
}

function checkAnnotations(annotations: JsonObject, violations: Violations): void {
  for (const name of Object.keys(annotations)) {
    violations.require(
      !SNIPPET.test(name),
      `config.metadata.annotations.${name}`,
      'snippets are raw proxy configuration and are not allowed',
    );
  }
}

/** Keys belong into a Secret: the text is never repeated in the answer. */
function checkKeyMaterial(value: unknown, field: string, violations: Violations): void {
  if (typeof value === 'string') {
    const isKey = /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)-----/.test(value);
    violations.require(!isKey, field, 'must not hold a key or a certificate; name a secret');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [name, each] of Object.entries(value)) {
    checkKeyMaterial(each, isList ? `${field}[${name}]` : `${field}.${name}`, violations);
  }
}

function checkTls(value: unknown, violations: Violations): void {
  for (const [field, each] of entriesOf(value, 'config.spec.tls', violations)) {
    const tls = objectAt(each, field, ['hosts', 'secretName'], violations);
    if (!tls) continue;
    checkText(tls['secretName'], `${field}.secretName`, violations);
    for (const [at, host] of entriesOf(tls['hosts'], `${field}.hosts`, violations)) {
      checkHost(host, at, violations);
    }
  }
}

function checkRules(value: unknown, violations: Violations): void {
  const rules = entriesOf(value, 'config.spec.rules', violations);
  const tooMany = rules.length > RULES_MAX;
  violations.require(!tooMany, 'config.spec.rules', `must hold at most ${RULES_MAX} rules`);
  if (tooMany) return;
  const hosts = new Set<string>();
  const routes = new Map<string, string>();
  for (const [field, each] of rules) {
    const rule = objectAt(each, field, ['host', 'http'], violations);
    if (!rule) continue;
    const host = isPresent(rule['host']) ? rule['host'] : '';
    if (host !== '') checkHost(host, `${field}.host`, violations);
    hosts.add(String(host));
    checkHttp(rule['http'], `${field}.http`, violations, (route, at) => {
      const first = routes.get(`${String(host)} ${route}`);
      if (first) violations.add(at, `is the same host, path and pathType as ${first}`);
      else routes.set(`${String(host)} ${route}`, at);
    });
  }
  const few = hosts.size <= HOSTS_MAX;
  violations.require(few, 'config.spec.rules', `must name at most ${HOSTS_MAX} hosts`);
}

function checkHttp(
  value: unknown,
  field: string,
  violations: Violations,
  onRoute: (route: string, at: string) => void,
): void {
  if (!isPresent(value)) return;
  const http = objectAt(value, field, ['paths'], violations);
  if (!http) return;
  for (const [at, each] of entriesOf(http['paths'], `${field}.paths`, violations)) {
    const path = objectAt(each, at, ['backend', 'path', 'pathType'], violations);
    if (!path) continue;
    checkPath(path, at, violations);
    checkBackend(path['backend'], `${at}.backend`, violations);
    onRoute(JSON.stringify([path['pathType'], path['path'] ?? '']), at);
  }
}

function checkHost(host: unknown, field: string, violations: Violations): void {
  const problem = hostProblem(host);
  if (problem) violations.add(field, problem);
}

function checkText(value: unknown, field: string, violations: Violations): void {
  if (isPresent(value)) violations.require(typeof value === 'string', field, 'must be a string');
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

interface Probe {
  grpc?: { service?: string };
  httpGet?: { path: string };
}

interface Container {
  name: string;
  args: string[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}

interface Workload {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    selector: { matchLabels: object };
    template: { metadata?: object; spec: { containers: Container[] } };
  };
}

const objects = globSync('*.yaml', { cwd: import.meta.dirname })
  .flatMap((file) => {
    const documents = parseAllDocuments(readFileSync(join(import.meta.dirname, file), 'utf8'));
    return Array.isArray(documents) ? documents : [];
  })
  .map((document): Workload => document.toJS());
const ofKind = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
const serving = ofKind('Deployment', 'StatefulSet');
const containers = ofKind('Deployment', 'StatefulSet', 'Job').flatMap(
  ({ spec }) => spec.template.spec.containers,
);

test('every service has a workload of its own, which starts a program that there is', () => {
  assert.deepEqual(serving.map(({ metadata }) => metadata.name).toSorted(), [
    ...['agent', 'controller', 'gateway', 'status-aggregator'],
  ]);
  for (const { args } of containers) assert.ok(existsSync(join(ROOT, args[0] ?? '')), args[0]);
});

test('every pod runs in a namespace that enforces the restricted standard, within bounds', () => {
  const [namespace] = ofKind('Namespace');
  assert.partialDeepStrictEqual(namespace, {
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  for (const { spec } of ofKind('Deployment', 'StatefulSet', 'Job')) {
    assert.partialDeepStrictEqual(spec.template.spec, {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
  }
  for (const container of containers) {
    assert.partialDeepStrictEqual(container, {
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    const { resources } = container as { resources?: Record<'requests' | 'limits', object> };
    assert.ok(resources?.requests && 'memory' in resources.limits, container.name);
  }
});

test('no outage of etcd or MySQL restarts a pod: it is not ready, and live', () => {
  for (const { spec } of serving) {
    for (const { name, readinessProbe: ready, livenessProbe: live } of spec.template.spec
      .containers) {
      assert.ok(ready?.grpc?.service === undefined && ready?.httpGet?.path !== '/healthz', name);
      assert.ok(live?.grpc?.service === 'live' || live?.httpGet?.path === '/healthz', name);
    }
  }
});

test('a drain of nodes takes one pod of a service at a time', () => {
  const budgets = ofKind('PodDisruptionBudget');
  for (const { metadata, spec } of serving) {
    const own = budgets.find((budget) => budget.metadata.name === metadata.name);
    assert.partialDeepStrictEqual(own?.spec, { maxUnavailable: 1, selector: spec.selector });
    assert.ok((spec.replicas ?? 1) >= 2, metadata.name);
    assert.partialDeepStrictEqual(spec.template.metadata, { labels: spec.selector.matchLabels });
  }
});

test('the account of the kubernetes driver is where the pods look for it, and has its rights', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
  const rights = parseAllDocuments(read('kubernetes-driver/rights.yaml'));
  assert.ok(Array.isArray(rights));
  const [account, , binding] = rights.map((document) => document.toJS());
  const [pods] = ofKind('Namespace');
  const agent = parse(read('kubernetes-driver/agent.yaml'));
  const name = agent.spec.template.spec.serviceAccountName;
  assert.deepEqual(account.metadata, { name, namespace: pods?.metadata.name });
  assert.deepEqual(binding.subjects, [{ kind: 'ServiceAccount', ...account.metadata }]);
});

test('the rights of the kubernetes driver are those that its page names', () => {
  const rights = readFileSync(join(import.meta.dirname, 'kubernetes-driver/rights.yaml'), 'utf8');
  const rules = /^rules:\n(?: .*\n)+/m;
  const page = readFileSync(join(ROOT, 'docs/drivers/kubernetes.md'), 'utf8');
  const [named] = rules.exec(rights) ?? [];
  assert.ok(named && named === rules.exec(page)?.[0]);
});

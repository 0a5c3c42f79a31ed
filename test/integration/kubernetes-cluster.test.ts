// The contract on a real API server, in a namespace of its own choice: KUBECONFIG names the cluster,
// ROLLCALL_TEST_NAMESPACE the namespace (default: default). Its Ingresses have the class "none".

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { openDriver } from '#services/agent/drivers/open-driver.ts';
import { type DriverPlace, driverContract } from '#test/driver-contract';
import { ingressNamed } from '#test/kubernetes-place';

const { KUBECONFIG: kubeconfig, ROLLCALL_TEST_NAMESPACE: namespace = 'default' } = process.env;
const OWNER = 'rollcall-contract-test';

if (kubeconfig === undefined) {
  test('the contract on a real API server', { skip: 'KUBECONFIG names no cluster' });
} else {
  driverContract('kubernetes (cluster)', () => openCluster(kubeconfig));
}

const nameOf = (id: string) => `rollcall-test-${id.replaceAll('_', '-')}`;

async function openCluster(file: string): Promise<DriverPlace> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-cluster-'));
  const config = new KubeConfig();
  config.loadFromFile(file);
  const api = KubernetesObjectApi.makeApiClient(config);
  const open = async () =>
    await openDriver(
      'kubernetes',
      { kubeconfig: file, namespace, owner: OWNER },
      { env: 'test', stateDir: dir },
    );
  const at = (id: string) => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: { name: nameOf(id), namespace },
  });
  return {
    open,
    content: (id, version) => {
      const ingress = ingressNamed(nameOf(id), version, { namespace }) as { spec: object };
      return JSON.stringify({ ...ingress, spec: { ...ingress.spec, ingressClassName: 'none' } });
    },
    refused: { id: 'refused', content: JSON.stringify(ingressNamed('refused..name')) },
    tamper: async (id) => {
      const changed = { ...at(id), spec: { rules: [{ host: 'somebody.else' }] } };
      const { MergePatch } = PatchStrategy;
      await api.patch(changed, undefined, undefined, 'kubectl-edit', undefined, MergePatch);
    },
    lose: async (id) => {
      await api.delete(at(id));
    },
    [Symbol.asyncDispose]: async () => {
      await using driver = await open();
      const { signal } = new AbortController();
      for await (const { id } of driver.list(signal)) await driver.remove(id, signal);
      await rm(dir, { recursive: true });
    },
  };
}

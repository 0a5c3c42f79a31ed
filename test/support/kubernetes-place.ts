import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentHash, type Driver, type DriverConfig } from '#services/agent/drivers/driver.ts';
import { openDriver } from '#services/agent/drivers/open-driver.ts';
import { type KubernetesStandIn, openKubernetesStandIn } from './kubernetes-stand-in.ts';

/** A stand-in of an API server, and agents' drivers for it. */
export interface KubernetesPlace extends AsyncDisposable {
  readonly cluster: KubernetesStandIn;
  readonly dir: string;
  open(options?: Readonly<Record<string, string>>, env?: string): Promise<Driver>;
}

export async function openKubernetesPlace(): Promise<KubernetesPlace> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-kubernetes-'));
  const cluster = await openKubernetesStandIn(dir);
  return {
    cluster,
    dir,
    open: (options = {}, env = '1') => {
      const own = { kubeconfig: cluster.kubeconfig, ...options };
      return openDriver('kubernetes', own, { env, stateDir: join(dir, env) });
    },
    [Symbol.asyncDispose]: async () => {
      await cluster[Symbol.asyncDispose]();
      await rm(dir, { recursive: true });
    },
  };
}

/** An Ingress for the host `<name>.test`. */
export function ingressNamed(name: string, service = 'web', metadata: object = {}): object {
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'test', ...metadata },
    spec: {
      rules: [
        {
          host: `${name}.test`,
          http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
        },
      ],
    },
  };
}

/** A config as a driver gets it. */
export function configOf(id: string, object: object, generation = 1): DriverConfig {
  const content = JSON.stringify(object);
  return {
    ...{ id, content, generation, digest: contentHash(content), traceparent: '' },
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

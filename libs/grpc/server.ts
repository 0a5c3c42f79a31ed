import { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { deriveSignal } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { withRequestCheck } from './broken-requests.ts';
import { descriptorSet } from './descriptors.ts';
import { drainError, implementationOf, type MapError, type ServiceBinding } from './handlers.ts';
import { fullName, serviceDefinition } from './protos.ts';
import { addReflection, ReflectionIndex } from './reflection.ts';
import { type ServerTls, serverCredentials } from './server-credentials.ts';

/** A config has at most 256 KiB; a request twice that leaves room for escapes. */
const RECEIVE_BYTES_MAX = 512 * 1024;
/** An idle connection that a firewall forgot is found within this time. */
const KEEPALIVE_MS = 30_000;
const GRACE_MS = 10_000;
/** gRPC's own services, which reflection lists too. */
const HEALTH = 'grpc.health.v1.Health';
/** What the health service is asked for by who restarts a process that hangs. */
const LIVE = 'live';
const REFLECTION = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

export interface ServerOptions {
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Absent: plaintext. With `ca`: mutual TLS. */
  tls?: ServerTls | undefined;
  /** host:port of a plaintext server with the health service alone, for probes. */
  healthListen?: string | undefined;
  services: readonly ServiceBinding[];
  mapError?: MapError;
  /** How long calls in flight may take once the server drains; 10 s by default. */
  graceMs?: number;
  log: Logger;
}

/** A server that listens. Disposal drains it: streams and waits end with UNAVAILABLE, calls finish. */
export interface GrpcServer extends AsyncDisposable {
  /** host:port. */
  readonly address: string;
  readonly healthAddress: string | undefined;
  /** What the health service says of every service; NOT_SERVING at first. Of `live`: always SERVING. */
  setReady(ready: boolean): void;
}

/** Starts to listen. Rejects when an address is taken. */
export async function openServer(options: ServerOptions): Promise<GrpcServer> {
  const draining = deriveSignal();
  const health = new HealthImplementation();
  const names = options.services.map(({ service }) => fullName(service));
  const setReady = (ready: boolean) => {
    for (const name of ['', ...names]) health.setStatus(name, ready ? 'SERVING' : 'NOT_SERVING');
  };
  setReady(false);
  health.setStatus(LIVE, 'SERVING');
  const server = makeServer(options, draining.signal, health, names);
  const probes = options.healthListen ? new Server() : undefined;
  if (probes) health.addToServer(probes);
  try {
    const address = await listen(server, options.listen, options.tls);
    const healthAddress =
      probes && options.healthListen ? await listen(probes, options.healthListen) : undefined;
    return {
      address,
      healthAddress,
      setReady,
      [Symbol.asyncDispose]: async () => {
        setReady(false);
        draining.abort(drainError());
        await shutDown(server, options.graceMs ?? GRACE_MS);
        probes?.forceShutdown();
      },
    };
  } catch (error) {
    server.forceShutdown();
    probes?.forceShutdown();
    throw error;
  }
}

function makeServer(
  options: ServerOptions,
  draining: AbortSignal,
  health: HealthImplementation,
  names: readonly string[],
): Server {
  const server = new Server({
    'grpc.max_receive_message_length': RECEIVE_BYTES_MAX,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
  });
  const deps = { draining, mapError: options.mapError ?? (() => undefined), log: options.log };
  for (const binding of options.services) {
    const service = withRequestCheck(serviceDefinition(binding.service));
    server.addService(service, implementationOf(binding, deps));
  }
  health.addToServer(server);
  const reflected = [...names, HEALTH, ...REFLECTION];
  addReflection(server, () => new ReflectionIndex([descriptorSet], reflected));
  return server;
}

async function listen(server: Server, address: string, tls?: ServerTls): Promise<string> {
  const bound = Promise.withResolvers<number>();
  server.bindAsync(address, serverCredentials(tls), (error, port) => {
    if (error) bound.reject(new Error(`cannot listen on ${address}: ${error.message}`));
    else bound.resolve(port);
  });
  const port = await bound.promise;
  return `${address.slice(0, address.lastIndexOf(':'))}:${port}`;
}

async function shutDown(server: Server, graceMs: number): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    server.forceShutdown();
    ended.resolve();
  }, graceMs);
  server.tryShutdown(() => ended.resolve());
  await ended.promise;
  clearTimeout(timer);
}

import { type EtcdClient, runServiceRegistration } from '#libs/etcd';
import { controllerKey, encodeServiceRegistration, type ServiceRegistration } from '#libs/keyspace';
import type { Run } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';

export interface RegistrationDeps {
  client: EtcdClient;
  registration: ServiceRegistration;
  ttlSeconds: number;
  heartbeatMs: number;
  log: Logger;
}

/** Shows this controller under its name, from the start of the run until its clean end. */
export function createRegistration({ registration, ...deps }: RegistrationDeps): Run {
  const key = controllerKey(registration.name);
  const value = encodeServiceRegistration(registration);
  return async (signal) => await runServiceRegistration(signal, { ...deps, key, value });
}

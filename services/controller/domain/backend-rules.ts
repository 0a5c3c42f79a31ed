import { BlockList, isIP } from 'node:net';
import type { JsonObject } from '#libs/keyspace';
import { objectAt } from './manifest-fields.ts';
import type { Violations } from './violations.ts';

/** RFC 1123 label: what Kubernetes calls a service. */
const SERVICE_NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 6335: at most 15 characters, at least one letter, no hyphen at an end or beside another. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;
const PORT_MAX = 65_535;

/** Addresses that would make a proxy a way into its own host or its cloud's metadata. */
const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8, 'ipv4');
forbidden.addSubnet('127.0.0.0', 8, 'ipv4');
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('::', 'ipv6');
forbidden.addAddress('::1', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

/** Checks a backend: a service with a port, or a resource; exactly one of them. */
export function checkBackend(value: unknown, field: string, violations: Violations): void {
  const backend = objectAt(value, field, ['resource', 'service'], violations);
  if (!backend) return;
  const { service, resource } = backend as { service?: unknown; resource?: unknown };
  const isOne = (service ?? undefined) === undefined ? resource : service;
  const both = (service ?? null) !== null && (resource ?? null) !== null;
  if (both || (isOne ?? null) === null) {
    violations.add(field, 'must name either a service or a resource');
    return;
  }
  if (isOne === service) checkService(service, `${field}.service`, violations);
  else checkResource(resource, `${field}.resource`, violations);
}

function checkService(value: unknown, field: string, violations: Violations): void {
  const service = objectAt(value, field, ['name', 'port'], violations);
  if (!service) return;
  const problem = serviceProblem(service['name']);
  if (problem) violations.add(`${field}.name`, problem);
  const port = objectAt(service['port'], `${field}.port`, ['name', 'number'], violations);
  if (port) checkPort(port, `${field}.port`, violations);
}

function serviceProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be a string';
  const family = isIP(name);
  if (family === 0) {
    return SERVICE_NAME.test(name) ? undefined : 'must be the name of a service or an IP address';
  }
  return forbidden.check(name, family === 4 ? 'ipv4' : 'ipv6')
    ? 'must not be a loopback, link-local or metadata address'
    : undefined;
}

function checkPort(port: JsonObject, field: string, violations: Violations): void {
  const { name, number } = port as { name?: unknown; number?: unknown };
  // The zero values of the two are the same as leaving them out.
  const named = name !== undefined && name !== null && name !== '';
  const numbered = number !== undefined && number !== null && number !== 0;
  if (named === numbered) {
    violations.add(field, 'must have either a name or a number');
  } else if (named) {
    const isName = typeof name === 'string' && PORT_NAME.test(name);
    violations.require(isName, `${field}.name`, 'must be the name of a port');
  } else {
    const isPort = Number.isInteger(number) && Number(number) > 0 && Number(number) <= PORT_MAX;
    violations.require(isPort, `${field}.number`, `must be a whole number from 1 to ${PORT_MAX}`);
  }
}

function checkResource(value: unknown, field: string, violations: Violations): void {
  const resource = objectAt(value, field, ['apiGroup', 'kind', 'name'], violations);
  if (!resource) return;
  for (const name of ['kind', 'name']) {
    const text = resource[name];
    violations.require(typeof text === 'string' && text !== '', `${field}.${name}`, 'is required');
  }
  const group = resource['apiGroup'] ?? '';
  violations.require(typeof group === 'string', `${field}.apiGroup`, 'must be a string');
}

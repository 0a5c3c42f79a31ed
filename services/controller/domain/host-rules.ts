import { isIP } from 'node:net';

const HOST_LENGTH_MAX = 253;
/** RFC 1123 names, as Kubernetes takes them; a wildcard stands for one label, the first. */
const HOST =
  /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/;

/** What is wrong with a host of an Ingress; undefined when it is fine. */
export function hostProblem(host: unknown): string | undefined {
  if (typeof host !== 'string') return 'must be a string';
  if (host.length > HOST_LENGTH_MAX) return `must be at most ${HOST_LENGTH_MAX} characters long`;
  if (isIP(host) !== 0) return 'must be a DNS name, not an IP address';
  return HOST.test(host)
    ? undefined
    : 'must be a DNS name in lower case (a leading "*." is allowed; international names in punycode)';
}

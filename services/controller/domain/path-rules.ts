import type { JsonObject } from '#libs/keyspace';
import type { Violations } from './violations.ts';

const PATH_LENGTH_MAX = 1024;
const TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];
/** Refused by Kubernetes in Exact and Prefix paths: proxies disagree about what they mean. */
const AMBIGUOUS = ['//', '/./', '/../', '%2f', '%2F'];
const AMBIGUOUS_ENDS = ['/..', '/.'];
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Checks `path` and `pathType` of one path of a rule. */
export function checkPath(entry: JsonObject, field: string, violations: Violations): void {
  const type = entry['pathType'];
  violations.require(
    typeof type === 'string' && TYPES.includes(type),
    `${field}.pathType`,
    `must be one of ${TYPES.join(', ')}`,
  );
  const path = entry['path'] ?? '';
  const at = `${field}.path`;
  if (typeof path !== 'string') {
    violations.add(at, 'must be a string');
    return;
  }
  violations.require(
    path.length <= PATH_LENGTH_MAX,
    at,
    `must be at most ${PATH_LENGTH_MAX} characters long`,
  );
  violations.require(!CONTROL.test(path), at, 'must not hold control characters');
  const mayBeEmpty = type !== 'Exact' && type !== 'Prefix';
  violations.require(
    path.startsWith('/') || (mayBeEmpty && path === ''),
    at,
    'must start with "/"',
  );
  if (mayBeEmpty) return;
  for (const part of AMBIGUOUS)
    violations.require(!path.includes(part), at, `must not hold "${part}"`);
  for (const end of AMBIGUOUS_ENDS)
    violations.require(!path.endsWith(end), at, `must not end in "${end}"`);
}

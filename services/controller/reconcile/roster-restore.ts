import type { EtcdKv } from '#libs/etcd';
import {
  EPOCH_KEY,
  encodeRoster,
  parseKey,
  ROSTER_PREFIX,
  rosterKey,
  toFixed20,
} from '#libs/keyspace';
import { planRestore } from '../domain/roster-plan.ts';
import { CALL_TIMEOUT_MS } from './epoch-step.ts';
import type { MemberSource } from './reconcile-ports.ts';

/** Members in one transaction: 128 operations are allowed, and the nested level counts. */
const BATCH_MAX = 120;

/**
 * Puts back the roster keys that are missing although nobody recorded the members' leaving. Returns
 * how many, or undefined when the epoch has changed.
 */
export async function restoreRoster(
  etcd: Pick<EtcdKv, 'list' | 'txn'>,
  members: MemberSource,
  epoch: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  // etcd first: a member who joins and leaves after the list is then in neither.
  const present = new Set<string>();
  for await (const { kvs } of etcd.list(ROSTER_PREFIX, { signal })) {
    for (const { key } of kvs) {
      const ref = parseKey(key);
      if (ref?.kind === 'roster') present.add(`${ref.env}/${ref.name}`);
    }
  }
  const missing = planRestore(present, await members.list());
  for (let from = 0; from < missing.length; from += BATCH_MAX) {
    const batch = missing.slice(from, from + BATCH_MAX).map(({ env, name, value: roster }) => {
      const key = rosterKey(env, name);
      const value = encodeRoster(roster);
      const compare = [{ key, target: 'create', op: '=', value: 0n } as const];
      return { txn: { compare, success: [{ put: { key, value } }] } };
    });
    const compare = [
      { key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) } as const,
    ];
    const options = { signal, timeoutMs: CALL_TIMEOUT_MS };
    const { succeeded } = await etcd.txn({ compare, success: batch }, options);
    if (!succeeded) return undefined;
  }
  return missing.length;
}

import type { Compare, EtcdKv } from '#libs/etcd';
import { agentKey, encodeRoster, type RosterValue, rosterKey } from '#libs/keyspace';
import type { Forgetting } from '../domain/forget-plan.ts';
import type { AgentKeys } from '../domain/roster-plan.ts';

/** Deadline of a call to etcd. */
const CALL_TIMEOUT_MS = 1_000;

/** False: it came back, or the roster has changed. */
export async function forgetMember(
  etcd: Pick<EtcdKv, 'txn'>,
  { env, name, modRevision, survivor, at }: Forgetting,
  signal: AbortSignal,
): Promise<boolean> {
  const stays = rosterKey(env, survivor.name);
  return await putWhileLost(
    etcd,
    { env, name, modRevision, value: { left_at: at.toISOString(), forgotten: true } },
    { signal, also: [{ key: stays, target: 'mod', op: '=', value: survivor.modRevision }] },
  );
}

/** What to put on the roster in place of a member. */
export interface RosterPut {
  readonly env: string;
  readonly name: string;
  /** The roster key must still be at this revision; 0: be missing. */
  readonly modRevision: bigint;
  readonly value: RosterValue;
}

/** Puts a roster key while its agent has no registration. False: it has, or the key has changed. */
export async function putWhileLost(
  etcd: Pick<EtcdKv, 'txn'>,
  { env, name, modRevision, value }: RosterPut,
  { signal, also = [] }: { signal: AbortSignal; also?: readonly Compare[] },
): Promise<boolean> {
  const key = rosterKey(env, name);
  const { succeeded } = await etcd.txn(
    {
      compare: [
        { key: agentKey(env, name), target: 'create', op: '=', value: 0n },
        { key, target: 'mod', op: '=', value: modRevision },
        ...also,
      ],
      success: [{ put: { key, value: encodeRoster(value) } }],
    },
    { signal, timeoutMs: CALL_TIMEOUT_MS },
  );
  return succeeded;
}

/** Whether etcd shows an agent's two keys as they were seen in a view. */
export async function isAsSeen(
  etcd: Pick<EtcdKv, 'txn'>,
  { env, name }: { env: string; name: string },
  seen: AgentKeys | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const registration: Compare = {
    ...{ key: agentKey(env, name), target: 'create', value: 0n },
    op: seen?.live ? '>' : '=',
  };
  const roster: Compare = {
    ...{ key: rosterKey(env, name), target: 'mod', op: '=' },
    value: seen?.roster?.modRevision ?? 0n,
  };
  const options = { signal, timeoutMs: CALL_TIMEOUT_MS };
  const request = { compare: [registration, roster], success: [] };
  return (await etcd.txn(request, options)).succeeded;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EtcdKv, KeyValue } from '#libs/etcd';
import type { CallContext } from '#libs/grpc';
import { encodeRoster, rosterKey } from '#libs/keyspace';
import { MysqlUnavailableError } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { MembershipService } from './membership-service.ts';

const NAME = { env: '1', name: 'a' };
const ROSTER_KEY = rosterKey('1', 'a');

/** One lost agent, `a`, in an etcd whose transactions always hold and a MySQL that may fail. */
function cast(mysqlFails: () => boolean) {
  let roster = encodeRoster({ instance: 'i1', joined_at: 'then' });
  let isRecorded = false;
  const etcd: Pick<EtcdKv, 'range' | 'txn'> = {
    range: async ({ key }) => {
      const shown = { key, value: Buffer.from(roster), createRevision: 1n, modRevision: 7n };
      const kvs: KeyValue[] = key === ROSTER_KEY ? [{ ...shown, lease: '0' }] : [];
      return await Promise.resolve({ revision: 9n, kvs, count: kvs.length, more: false });
    },
    txn: async ({ success }) => {
      for (const op of success) if ('put' in op) roster = op.put.value;
      return await Promise.resolve({ succeeded: true, revision: 9n, results: [] });
    },
  };
  const members = {
    find: async () =>
      await Promise.resolve({ ...NAME, instance: 'i1', joinedAt: 'then', leftAt: null }),
    left: async () => {
      if (mysqlFails()) throw new MysqlUnavailableError('mysql is away');
      const isNews = !isRecorded;
      isRecorded = true;
      return await Promise.resolve(isNews);
    },
  };
  const environments = { update: async () => await Promise.resolve() };
  const service = new MembershipService({ etcd, members, environments, log: silentLog });
  const context = { actor: 'x', signal: new AbortController().signal } as CallContext;
  return {
    roster: () => roster,
    decommission: async () => await service.decommission(NAME, context),
  };
}

test('what etcd took and MySQL did not is not acknowledged, and the next call completes it', async () => {
  let fails = true;
  const { decommission, roster } = cast(() => fails);
  await assert.rejects(decommission(), MysqlUnavailableError);
  assert.match(roster(), /left_at/);
  await assert.rejects(decommission(), MysqlUnavailableError);
  fails = false;
  assert.deepEqual(await decommission(), { changed: true });
  assert.deepEqual(await decommission(), { changed: false });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EtcdKv, EtcdUnavailableError, type KeyValue } from '#libs/etcd';
import type { CallContext } from '#libs/grpc';
import { EPOCH_KEY, READY_KEY, resumeRemovalsKey, rosterKey, toFixed20 } from '#libs/keyspace';
import { MysqlUnavailableError } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { OperatorService } from './operator-service.ts';

const context = { actor: 'x', signal: new AbortController().signal } as CallContext;
const READY = { [EPOCH_KEY]: toFixed20(4), [READY_KEY]: toFixed20(4), [rosterKey('1', 'a')]: '{}' };

/** An etcd with these keys, whose writing transactions hold or do not. */
function cast(keys: Record<string, string>, { holds = true, isAway = false } = {}) {
  const written: string[] = [];
  const kvOf = ([key, value]: [string, string]): KeyValue => {
    return { key, value: Buffer.from(value), createRevision: 1n, modRevision: 1n, lease: '0' };
  };
  const etcd: Pick<EtcdKv, 'txn'> = {
    txn: async ({ compare, success }) => {
      await Promise.resolve();
      if (isAway) throw new EtcdUnavailableError('txn', 'away');
      if (compare.length > 0) {
        for (const op of success) if (holds && 'put' in op) written.push(op.put.key);
        return { succeeded: holds, revision: 9n, results: [] };
      }
      const results = success.map((op) => {
        const { key = '', rangeEnd } = 'range' in op ? op.range : {};
        const isIn = (name: string) => (rangeEnd ? name >= key && name < rangeEnd : name === key);
        const kvs = Object.entries(keys)
          .filter(([name]) => isIn(name))
          .map(kvOf);
        return { kind: 'range', kvs, count: kvs.length, more: false } as const;
      });
      return { succeeded: true, revision: 9n, results };
    },
  };
  const mysqlAway = async () => await Promise.reject(new MysqlUnavailableError('mysql is away'));
  const epochs = { read: mysqlAway, confirmLoss: mysqlAway };
  const deps = { etcd, epochs, store: { countLive: mysqlAway }, trigger: () => undefined };
  return { service: new OperatorService({ ...deps, log: silentLog }), written };
}

const resume = async ({ service }: ReturnType<typeof cast>) =>
  await service.resumeRemovals({ env: '1' }, context);

test('removals go on in the READY epoch', async () => {
  const ready = cast(READY);
  assert.deepEqual(await resume(ready), { epoch: 4, changed: true });
  assert.deepEqual(ready.written, [resumeRemovalsKey('1')]);
});

test('what was resumed in an older epoch is resumed anew, in this one not again', async () => {
  const older = cast({ ...READY, [resumeRemovalsKey('1')]: toFixed20(3) });
  assert.deepEqual(await resume(older), { epoch: 4, changed: true });
  const same = cast({ ...READY, [resumeRemovalsKey('1')]: toFixed20(4) });
  assert.deepEqual(await resume(same), { epoch: 4, changed: false });
  assert.deepEqual(same.written, []);
});

test('an etcd without epoch, or not READY in it, is no ground for removals', async () => {
  for (const keys of [{}, { [EPOCH_KEY]: toFixed20(4) }, { ...READY, [READY_KEY]: toFixed20(3) }]) {
    const refused = cast(keys);
    await assert.rejects(resume(refused), { reason: 'ETCD_NOT_READY' });
    assert.deepEqual(refused.written, []);
  }
});

test('an epoch that changes between look and write lets nothing go on', async () => {
  const lost = cast(READY, { holds: false });
  await assert.rejects(resume(lost), { reason: 'EPOCH_CHANGED' });
  assert.deepEqual(lost.written, []);
});

test('an environment is not taken for one that begins alike', async () => {
  const { [rosterKey('1', 'a')]: roster = '', ...rest } = READY;
  const other = cast({ ...rest, [rosterKey('10', 'a')]: roster });
  await assert.rejects(resume(other), { reason: 'ENVIRONMENT_NOT_FOUND' });
});

test('the control plane is told with whatever can be reached', async () => {
  const half = await cast(READY).service.getControlPlane({}, context);
  assert.partialDeepStrictEqual(half.controlPlane, {
    ...{ state: 'CONTROL_PLANE_STATE_UNAVAILABLE', reason: 'mysql cannot be reached' },
    ...{ etcd: { epoch: 4, ready: 4, pass: 0, revision: 9 }, mysql: null },
  });
  const none = await cast({}, { isAway: true }).service.getControlPlane({}, context);
  assert.partialDeepStrictEqual(none.controlPlane, { etcd: null, mysql: null });
});

test('a confirmation names the rows that it accepts', async () => {
  const { service } = cast(READY);
  for (const liveRows of [undefined, -1, 1.5, 2 ** 53]) {
    const request = liveRows === undefined ? {} : { liveRows };
    await assert.rejects(service.confirmRowLoss(request, context), /live_rows/);
  }
});

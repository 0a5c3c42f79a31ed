import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EtcdMeta, type MysqlKnows, planeStanding } from './control-plane.ts';

const etcd = { epoch: 4, ready: 4, pass: 9, revision: 100n };
const mysql = { epoch: 4, highWaterRevision: 90n };
const stop = { liveRows: 1, liveRowsBefore: 10 };

const cases: [string, EtcdMeta | undefined, MysqlKnows | undefined, string][] = [
  ['READY', etcd, mysql, ''],
  ['REBUILDING', { revision: 3n }, mysql, 'etcd has no epoch: it is new, or was wiped'],
  ['REBUILDING', { ...etcd, epoch: 5 }, mysql, 'etcd is in epoch 5, mysql knows 4'],
  ['REBUILDING', { ...etcd, ready: 3 }, mysql, 'no pass has completed in epoch 4 yet'],
  ['REBUILDING', { ...etcd, ready: undefined }, mysql, 'no pass has completed in epoch 4 yet'],
  ['REBUILDING', { ...etcd, revision: 89n }, mysql, 'etcd was rolled back'],
  ['UNAVAILABLE', undefined, mysql, 'etcd cannot be reached'],
  ['UNAVAILABLE', etcd, undefined, 'mysql cannot be reached'],
];

for (const [state, inEtcd, inMysql, reason] of cases) {
  test(`${state}: ${reason || 'a pass has completed'}`, () => {
    assert.deepEqual(planeStanding(inEtcd, inMysql), { state, reason });
  });
}

test('a safety stop is told whatever else holds, with what helps', () => {
  for (const side of [etcd, undefined]) {
    const { state, reason } = planeStanding(side, { ...mysql, stop });
    assert.equal(state, 'STOPPED');
    assert.match(reason, /has 1 live configs.* it had 10: restore them, or confirm/);
  }
});

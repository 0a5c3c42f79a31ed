import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyValue } from '#libs/etcd';
import {
  agentKey,
  configKey,
  digestOf,
  EPOCH_KEY,
  encodeConfig,
  READY_KEY,
  resumeRemovalsKey,
  toFixed20,
  tombstoneKey,
} from '#libs/keyspace';
import { EnvironmentView } from './environment-view.ts';

const kv = (key: string, value: string, modRevision = 1n): KeyValue => ({
  key,
  value: Buffer.from(value),
  createRevision: modRevision,
  modRevision,
  lease: '0',
});
const configValue = (generation: number) =>
  encodeConfig({
    generation,
    digest: digestOf('{}', 'APPLIED'),
    completionPolicy: 'APPLIED',
    labels: {},
    acceptedAt: '',
    traceparent: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    content: '{}',
  });

function openView() {
  const told: string[] = [];
  const view = new EnvironmentView('1', 'a', {
    listed: () => told.push('listed'),
    present: (id) => told.push(`present ${id}`),
    changed: (ids) => told.push(`changed ${[...ids].join(' ')}`),
    metaChanged: () => told.push('meta'),
    connected: (up) => told.push(up ? 'up' : 'down'),
    registrationSeen: () => told.push('registered'),
    registrationMissing: (revision) => told.push(`missing at ${revision}`),
  });
  const list = (kvs: KeyValue[], revision = 10n) => {
    const sink = view.begin();
    sink.page(kvs);
    sink.commit(revision);
  };
  return { view, told, list, own: kv(agentKey('1', 'a'), '{}') };
}

test('a list replaces everything, and only when it is complete', () => {
  const { view, told, list, own } = openView();
  list([own, kv(configKey('1', 'x'), configValue(3)), kv(EPOCH_KEY, toFixed20(4))]);
  assert.equal(view.configs.get('x')?.generation, 3);
  assert.deepEqual(view.listed, { epoch: 4, revision: 10n, since: 10n });
  view.begin().page([]);
  assert.equal(view.configs.size, 1);
  list([own], 11n);
  assert.equal(view.configs.size, 0);
  assert.deepEqual(told, ['registered', 'listed', 'registered', 'listed']);
});

test('the first list of an epoch is remembered for as long as the epoch lasts', () => {
  const { view, list, own } = openView();
  const since = (epoch: number, revision: bigint) => {
    list([own, kv(EPOCH_KEY, toFixed20(epoch))], revision);
    return view.listed?.since;
  };
  assert.deepEqual([since(4, 10n), since(4, 20n), since(5, 3n), since(5, 30n)], [10n, 10n, 3n, 3n]);
});

test('a list below the one before is the first of another history', () => {
  const { view, list, own } = openView();
  const since = (revision: bigint) => {
    list([own, kv(EPOCH_KEY, toFixed20(4))], revision);
    return view.listed?.since;
  };
  assert.deepEqual([since(100n), since(120n), since(50n), since(60n)], [100n, 100n, 50n, 50n]);
});

test('events change the view and name what changed', () => {
  const { view, told, list, own } = openView();
  list([own]);
  view.events([
    { type: 'put', kv: kv(configKey('1', 'x'), configValue(3)) },
    { type: 'put', kv: kv(tombstoneKey('1', 'y'), toFixed20(9)) },
    { type: 'put', kv: kv(EPOCH_KEY, toFixed20(4)) },
    { type: 'put', kv: kv(resumeRemovalsKey('1'), toFixed20(4)) },
    { type: 'put', kv: kv(resumeRemovalsKey('10'), toFixed20(5)) },
  ]);
  assert.deepEqual(told.slice(2), ['present x', 'meta', 'changed x y']);
  assert.deepEqual(view.tombstones.get('y'), { generation: 9, modRevision: 1n });
  assert.deepEqual([view.meta.epoch, view.meta.resume], [4, 4]);
  view.events([
    { type: 'delete', key: configKey('1', 'x'), modRevision: 12n },
    { type: 'delete', key: EPOCH_KEY, modRevision: 12n },
  ]);
  assert.equal(view.configs.size, 0);
  assert.equal(view.meta.epoch, undefined);
});

test('the time of creation is that of the newest list, also of a generation that was known', () => {
  const { view, list, own } = openView();
  const key = configKey('1', 'x');
  const older = configValue(3).replace(/"created_at":"[^"]*",/, '');
  list([own, kv(key, older)]);
  assert.equal(view.configs.get('x')?.createdAt, '');
  list([own, kv(key, configValue(3))], 11n);
  assert.equal(view.configs.get('x')?.createdAt, '2026-01-01T00:00:00.000Z');
  const known = view.configs.get('x');
  list([own, kv(key, configValue(3))], 12n);
  assert.equal(view.configs.get('x'), known, 'one copy in memory');
});

test('foreign values and keys are counted, never taken for configs or for absence', () => {
  const { view, list, own } = openView();
  const key = configKey('1', 'x');
  list([own, kv(key, configValue(3))]);
  view.events([
    { type: 'put', kv: kv(key, 'garbage') },
    { type: 'put', kv: kv(`${key}/deeper`, configValue(3)) },
    { type: 'put', kv: kv(READY_KEY, 'not a number') },
    { type: 'put', kv: kv(tombstoneKey('1', 'z'), 'not a number') },
  ]);
  assert.equal(view.configs.has('x'), false);
  assert.equal(view.isForeign('x'), true);
  assert.equal(view.foreign.size, 2);
  assert.equal(view.tombstones.size, 0);
  view.events([{ type: 'put', kv: kv(key, configValue(4)) }]);
  assert.equal(view.isForeign('x'), false);
  assert.equal(view.configs.get('x')?.generation, 4);
});

test('tells when its own registration is missing', () => {
  const { view, told, list, own } = openView();
  list([], 10n);
  list([own], 11n);
  view.events([{ type: 'delete', key: agentKey('1', 'a'), modRevision: 12n }]);
  assert.deepEqual(told, ['missing at 10', 'listed', 'registered', 'listed', 'missing at 12']);
});

test('an equal version keeps its one copy in memory', () => {
  const { view, list, own } = openView();
  list([own, kv(configKey('1', 'x'), configValue(3))]);
  const before = view.configs.get('x');
  list([own, kv(configKey('1', 'x'), configValue(3))]);
  assert.equal(view.configs.get('x'), before);
});

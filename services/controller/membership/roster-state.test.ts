import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyValue } from '#libs/etcd';
import { agentKey, encodeRoster, rosterKey } from '#libs/keyspace';
import { agentChange } from './roster-change.ts';
import { isMember, RosterState } from './roster-state.ts';

const kv = (key: string, value: string): KeyValue => ({
  key,
  value: Buffer.from(value),
  createRevision: 1n,
  modRevision: 7n,
  lease: '0',
});
const put = (state: RosterState, key: string, value: string) => state.set(key, kv(key, value));
const joined = encodeRoster({ instance: 'i1', joined_at: 'then' });

test('a member without registration is lost, one that left is none', () => {
  const state = new RosterState();
  put(state, rosterKey('env1', 'a'), joined);
  put(state, rosterKey('env1', 'b'), encodeRoster({ left_at: 'now' }));
  const [a, b] = ['env1/a', 'env1/b'].map((key) => state.entry(key));
  assert.ok(a && isMember(a) && !a.live);
  assert.ok(b && !isMember(b));
});

test('a garbage registration counts as live, a garbage roster value as a member', () => {
  const state = new RosterState();
  put(state, agentKey('env1', 'a'), 'garbage');
  put(state, rosterKey('env1', 'b'), 'garbage');
  assert.deepEqual(state.entry('env1/a'), { env: 'env1', name: 'a', live: true });
  const b = state.entry('env1/b');
  assert.ok(b && isMember(b));
});

test('foreign keys and counters are passed over', () => {
  const state = new RosterState();
  assert.equal(put(state, '/ingress/agent/env1/a/b', 'x'), 'nothing');
  assert.equal(put(state, '/ingress/ingress_meta/epoch', 'garbage'), 'meta');
  assert.deepEqual(state.meta, {});
  assert.deepEqual(state.entries(), []);
});

test('an agent is gone when both of its keys are', () => {
  const state = new RosterState();
  put(state, agentKey('env1', 'a'), 'x');
  put(state, rosterKey('env1', 'a'), joined);
  const before = state.entry('env1/a');
  state.set(agentKey('env1', 'a'), undefined);
  const lost = state.entry('env1/a');
  assert.equal(agentChange(before, lost, 8n)?.kind, 'agent');
  state.set(rosterKey('env1', 'a'), undefined);
  assert.equal(state.entry('env1/a'), undefined);
  assert.equal(agentChange(lost, undefined, 9n)?.kind, 'left');
});

test('a relist that changes nothing tells nothing', () => {
  const [one, two] = [new RosterState(), new RosterState()];
  for (const state of [one, two]) put(state, rosterKey('env1', 'a'), joined);
  assert.equal(agentChange(one.entry('env1/a'), two.entry('env1/a'), 9n), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigRecord, ConfigVersion } from './record.ts';
import { planRecovery, type RecoveryInput } from './recovery.ts';

const version = (generation: number): ConfigVersion => ({
  generation,
  digest: `d${generation}`,
  content: `g${generation}`,
  traceparent: '',
  createdAt: '2026-01-01T00:00:00.000Z',
});
const inForce = (generation: number): ConfigRecord => ({
  applied: { ...version(generation), at: '', proof: { level: 'APPLIED', method: 'test' } },
  attempt: undefined,
  drift: undefined,
});
const empty: RecoveryInput = {
  configs: new Map(),
  tries: new Map(),
  removing: new Map(),
  removed: new Map(),
  installed: new Map(),
  damaged: false,
  hashOf: (content) => `#${content}`,
};
const plan = (input: Partial<RecoveryInput>) => {
  const { complete, drifted, ...rest } = planRecovery({ ...empty, ...input });
  return { ...rest, complete: [...complete.keys()], drifted: Object.fromEntries(drifted) };
};
const nothing = { complete: [], remove: [], adopt: [], drifted: {} };

test('leaves alone what is in force as the journal says', () => {
  const configs = new Map([['a', inForce(5)]]);
  assert.deepEqual(plan({ configs, installed: new Map([['a', '#g5']]) }), nothing);
});

test('completes an apply that ended between the driver and the journal', () => {
  const input = { tries: new Map([['a', [version(6)]]]), installed: new Map([['a', '#g6']]) };
  assert.deepEqual(plan(input), { ...nothing, complete: ['a'] });
  const configs = new Map([['a', inForce(5)]]);
  assert.deepEqual(plan({ ...input, configs }), { ...nothing, complete: ['a'] });
});

test('a removal does not speak for what was asked for after it', () => {
  const input = {
    configs: new Map([['a', inForce(5)]]),
    tries: new Map([['a', [version(7)]]]),
    removing: new Map([['a', { generation: 6 }]]),
  };
  assert.deepEqual(plan({ ...input, installed: new Map([['a', '#g7']]) }), {
    ...nothing,
    complete: ['a'],
  });
  // Nobody knows which of the two came last: what etcd holds decides.
  assert.deepEqual(plan(input), nothing);
});

test('completes an apply that took effect although it failed, and a later try did not', () => {
  const input = {
    configs: new Map([['a', inForce(5)]]),
    tries: new Map([['a', [version(6), version(7)]]]),
    installed: new Map([['a', '#g6']]),
  };
  assert.deepEqual(plan(input), { ...nothing, complete: ['a'] });
});

test('keeps the last-known-good when a try never reached the driver', () => {
  const configs = new Map([['a', inForce(5)]]);
  const tries = new Map([['a', [version(6)]]]);
  assert.deepEqual(plan({ configs, tries, installed: new Map([['a', '#g5']]) }), nothing);
});

test('puts back what is missing or changed', () => {
  const configs = new Map([
    ['a', inForce(5)],
    ['b', inForce(2)],
  ]);
  const input = plan({ configs, installed: new Map([['a', '#edited']]) });
  assert.deepEqual(input, { ...nothing, drifted: { a: 'changed', b: 'missing' } });
});

test('finishes a removal that was decided, and does not bring the config back', () => {
  const configs = new Map([['a', inForce(5)]]);
  const removing = new Map([['a', { generation: 6 }]]);
  assert.deepEqual(plan({ configs, removing }), { ...nothing, remove: ['a'] });
});

test('adopts what is in force without a damaged journal knowing it', () => {
  const input = { installed: new Map([['a', '#x']]), damaged: true };
  assert.deepEqual(plan(input), { ...nothing, adopt: ['a'] });
});

test('leaves alone what a whole journal has never heard of', () => {
  assert.deepEqual(plan({ installed: new Map([['a', '#x']]) }), nothing);
});

test('adopts what was removed and is back, so that it is removed again', () => {
  const input = { installed: new Map([['a', '#g5']]), removed: new Map([['a', 6]]) };
  assert.deepEqual(plan(input), { ...nothing, adopt: ['a'] });
});

test('completes an equal generation with another digest that the journal has not confirmed', () => {
  const tried = { ...version(5), digest: 'other', content: 'other' };
  const input = {
    configs: new Map([['a', inForce(5)]]),
    tries: new Map([['a', [tried]]]),
    installed: new Map([['a', '#other']]),
  };
  assert.deepEqual(plan(input), { ...nothing, complete: ['a'] });
});

test('believes the disk rather than a damaged journal', () => {
  const configs = new Map([['a', inForce(5)]]);
  const installed = new Map([['a', '#newer']]);
  assert.deepEqual(plan({ configs, installed, damaged: true }), { ...nothing, adopt: ['a'] });
});

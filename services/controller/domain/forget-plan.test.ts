import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planForget } from './forget-plan.ts';
import { type AgentKeys, type Member, planMirror, planRestore } from './roster-plan.ts';

const HOUR_MS = 3_600_000;
const now = new Date('2026-11-23T12:00:00.000Z');
const joinedAt = '2026-11-01T00:00:00.000Z';

/** An agent of environment "1", lost for so many hours; undefined: live. */
function cast(names: Readonly<Record<string, number | undefined>>) {
  const agents: AgentKeys[] = [];
  const members: Member[] = [];
  for (const [index, [name, hours]] of Object.entries(names).entries()) {
    const member = { instance: `${name}-1`, joinedAt };
    const roster = { modRevision: BigInt(index + 1), left: false, member };
    const lostSince = hours === undefined ? null : new Date(now.getTime() - hours * HOUR_MS);
    agents.push({ env: '1', name, live: hours === undefined, roster });
    members.push({ env: '1', name, ...member, lostSince, leftAt: null, readAt: now });
  }
  return { agents, members };
}

const forgotten = (names: Readonly<Record<string, number | undefined>>) => {
  const { agents, members } = cast(names);
  return planForget(agents, members, 24 * HOUR_MS).map(({ name, survivor }) => [
    name,
    survivor.name,
  ]);
};

test('a member that was lost for too long is forgotten, and the live one answers for the rest', () => {
  assert.deepEqual(forgotten({ a: 25, b: 23, c: undefined }), [['a', 'c']]);
});

test('the last member is never forgotten: the one that was lost last stays', () => {
  assert.deepEqual(forgotten({ a: 100 }), []);
  assert.deepEqual(forgotten({ a: 100, b: 50, c: 70 }), [
    ['c', 'b'],
    ['a', 'b'],
  ]);
});

test('whatever the roster is, no live member is forgotten and one member stays', () => {
  const hours = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), hours), (names) => {
      const gone = forgotten(names);
      for (const [name, survivor] of gone) {
        assert.ok((names[name ?? ''] ?? 0) > 24);
        assert.ok(!gone.some(([other]) => other === survivor));
      }
      assert.ok(gone.length < Math.max(1, Object.keys(names).length));
    }),
  );
});

test('who was forgotten is recorded once, is put back after a loss of etcd, and goes in the end', () => {
  const at = now.toISOString();
  const agent = { env: '1', name: 'a', live: false };
  const keys: AgentKeys = { ...agent, roster: { modRevision: 7n, left: true, forgottenAt: at } };
  const row: Member = { env: '1', name: 'a', instance: 'i', joinedAt, readAt: now };
  const lost: Member = { ...row, lostSince: new Date(now.getTime() - 25 * HOUR_MS) };
  const recorded: Member = { ...row, leftAt: now, forgotten: true };
  const muchLater = { ...recorded, readAt: new Date(now.getTime() + 31 * 24 * HOUR_MS) };
  assert.deepEqual(planMirror([keys], [lost]), [{ kind: 'forgotten', env: '1', name: 'a', at }]);
  assert.deepEqual(planMirror([keys], [recorded]), []);
  assert.deepEqual(planRestore(new Set(), [recorded]), [
    { env: '1', name: 'a', value: { left_at: at, forgotten: true } },
  ]);
  assert.equal(planMirror([keys], [muchLater])[0]?.kind, 'left');
  assert.deepEqual(planRestore(new Set(), [muchLater]), []);
});

test('a forgotten agent that comes back is a member again', () => {
  const member = { instance: 'i2', joinedAt };
  const back: AgentKeys = {
    ...{ env: '1', name: 'a', live: true },
    registration: { instance: 'i2', started_at: joinedAt },
    roster: { modRevision: 9n, left: false, member },
  };
  const row: Member = {
    env: '1',
    name: 'a',
    instance: 'i1',
    joinedAt,
    leftAt: now,
    forgotten: true,
  };
  assert.deepEqual(planMirror([back], [row]), [{ kind: 'joined', env: '1', name: 'a', ...member }]);
});

test('a roster key from before a recorded leaving brings nobody back', () => {
  const { agents, members } = cast({ a: 1 });
  const left = members.map((row) => ({ ...row, leftAt: now, lostSince: null }));
  assert.deepEqual(planMirror(agents, left), [
    { kind: 'left', env: '1', name: 'a', modRevision: 1n, recorded: true },
  ]);
});

test('another instance than the recorded one was lost later, and is not forgotten yet', () => {
  const { agents, members } = cast({ a: 25, b: undefined });
  const other = members.map((row) => (row.name === 'a' ? { ...row, instance: 'a-0' } : row));
  assert.deepEqual(planForget(agents, other, 24 * HOUR_MS), []);
});

test('a forgotten key from before a coming back is put right, whatever its time says', () => {
  const row: Member = { env: '1', name: 'a', instance: 'i2', joinedAt, readAt: now };
  const lost: Member = { ...row, lostSince: new Date(now.getTime() - HOUR_MS) };
  const key = (forgottenAt: string): AgentKeys => ({
    ...{ env: '1', name: 'a', live: false },
    roster: { modRevision: 7n, left: true, forgottenAt },
  });
  const value = { instance: 'i2', joined_at: joinedAt };
  const restored = [{ kind: 'restored', env: '1', name: 'a', modRevision: 7n, value }];
  const before = new Date(now.getTime() - 2 * HOUR_MS).toISOString();
  assert.deepEqual(planMirror([key(before)], [lost]), restored);
  assert.deepEqual(planMirror([key('then')], [lost]), restored);
  assert.deepEqual(planMirror([key(before)], [row]), restored);
  assert.deepEqual(planMirror([key(now.toISOString())], [lost])[0]?.kind, 'forgotten');
});

test('a forgotten key does not undo a clean exit that came after it', () => {
  const forgottenAt = now.toISOString();
  const keys = { env: '1', name: 'a', live: false };
  const roster = { modRevision: 7n, left: true, forgottenAt };
  const row: Member = { env: '1', name: 'a', instance: 'i', joinedAt, leftAt: now, readAt: now };
  assert.deepEqual(planMirror([{ ...keys, roster }], [row]), [
    { kind: 'left', env: '1', name: 'a', modRevision: 7n, recorded: true },
  ]);
});

test('who is registered again is not forgotten, although nobody has recorded it yet', () => {
  const { agents, members } = cast({ a: 25, b: undefined });
  const back = agents.map((keys) => ({ ...keys, live: true }));
  assert.deepEqual(planForget(back, members, 24 * HOUR_MS), []);
});

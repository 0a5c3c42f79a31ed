import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnsweredTime, DUPLICATE_AFTER_MS, planClaim } from './claim.ts';
import { envUuid } from './env-uuid.ts';

const instance = 'mine';

test('registers where nobody is registered', () => {
  const plan = planClaim({ holder: undefined, instance, heldByOtherMs: 0 });
  assert.deepEqual(plan, { do: 'create' });
});

test('takes over its own registration only', () => {
  const mine = { instance, createRevision: 7n, modRevision: 9n };
  assert.deepEqual(planClaim({ holder: mine, instance, heldByOtherMs: 0 }), {
    do: 'take-over',
    holder: mine,
  });
  for (const holder of ['other', undefined]) {
    const plan = planClaim({
      holder: { instance: holder, createRevision: 7n, modRevision: 9n },
      instance,
      heldByOtherMs: 0,
    });
    assert.deepEqual(plan, { do: 'wait' });
  }
});

test('gives the name up after three leases of waiting', () => {
  const holder = { instance: 'other', createRevision: 7n, modRevision: 9n };
  const after = (heldByOtherMs: number) => planClaim({ holder, instance, heldByOtherMs }).do;
  assert.equal(after(DUPLICATE_AFTER_MS - 1), 'wait');
  assert.equal(after(DUPLICATE_AFTER_MS), 'give-up');
});

test('counts only the time during which etcd answered', () => {
  const time = new AnsweredTime();
  time.answered(1_000);
  time.answered(3_000);
  time.silent();
  time.answered(60_000);
  time.answered(61_000);
  assert.equal(time.totalMs, 3_000);
});

test('an environment has one UUID, and another environment another', () => {
  assert.equal(envUuid('1'), envUuid('1'));
  assert.notEqual(envUuid('1'), envUuid('10'));
  assert.match(
    envUuid('1'),
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

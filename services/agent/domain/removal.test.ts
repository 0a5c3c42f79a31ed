import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BrakeState, takeRemoval } from './brake.ts';
import { type Absence, highestMark, observeAbsence } from './evidence.ts';
import type { MetaView, PassMark } from './record.ts';
import { planRemoval, seenMark } from './removal.ts';

const meta = (epoch?: number, ready?: number, pass?: number): MetaView => ({
  epoch,
  ready,
  pass,
  resume: undefined,
});
const noticed = (mark?: PassMark): Absence => ({ sinceMs: 0, mark });
const base = {
  generation: 5,
  present: false,
  tombstone: undefined,
  meta: meta(1, 1, 10),
  absence: noticed({ epoch: 1, pass: 10 }),
  highest: { epoch: 1, pass: 10 },
};

test('a tombstone at or above the generation in force is a delete', () => {
  const plan = planRemoval({ ...base, tombstone: 5 });
  assert.deepEqual(plan, { do: 'remove', by: 'tombstone', generation: 5 });
});

test('a tombstone below the generation in force is no evidence', () => {
  assert.equal(planRemoval({ ...base, tombstone: 4 }).do, 'keep');
});

test('a config that is there after all is kept, whatever else is said', () => {
  const late = { ...base, meta: meta(1, 1, 99), highest: { epoch: 1, pass: 99 } };
  assert.equal(planRemoval({ ...late, present: true, tombstone: 9 }).do, 'keep');
});

test('a config that is there after all has its passes counted anew when it goes again', () => {
  const plan = planRemoval({ ...base, present: true });
  assert.deepEqual(plan, { do: 'keep', absence: noticed() });
});

test('an unexplained absence is a delete two passes after it was noticed', () => {
  for (const [pass, expected] of [
    [10, 'keep'],
    [11, 'keep'],
    [12, 'remove'],
  ] as const) {
    const now = meta(1, 1, pass);
    const plan = planRemoval({ ...base, meta: now, highest: { epoch: 1, pass } });
    assert.equal(plan.do, expected, `pass ${pass}`);
  }
});

test('passes of another epoch do not count: the absence is noticed anew', () => {
  const now = meta(2, 2, 50);
  const { absence, proven } = observeAbsence(base.absence, now, { epoch: 2, pass: 50 });
  assert.equal(proven, false);
  assert.deepEqual(absence.mark, { epoch: 2, pass: 50 });
});

test('nothing is counted while etcd is not READY', () => {
  for (const view of [meta(), meta(1), meta(2, 1, 50), meta(1, 1)]) {
    const { absence, proven } = observeAbsence(base.absence, view, { epoch: 1, pass: 10 });
    assert.equal(proven, false);
    assert.equal(absence.mark, undefined);
  }
});

test('a mark below the highest one ever seen is no evidence', () => {
  const { absence, proven } = observeAbsence(noticed({ epoch: 1, pass: 10 }), meta(1, 1, 20), {
    epoch: 1,
    pass: 21,
  });
  assert.equal(proven, false);
  assert.equal(absence.mark, undefined);
});

test('an epoch that is not READY yet already outdates the marks of the one before', () => {
  const mark = seenMark(meta(2, 1, 50), { epoch: 1, pass: 50 });
  assert.deepEqual(mark, { epoch: 2, pass: 0 });
  assert.equal(observeAbsence(noticed({ epoch: 1, pass: 48 }), meta(1, 1, 50), mark).proven, false);
});

test('whatever etcd shows, an absence is proven only after two later READY passes in a row', () => {
  const views = fc.array(fc.record({ epoch: fc.nat(3), isReady: fc.boolean(), pass: fc.nat(6) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(views, (sequence) => {
      let absence = noticed();
      let highest: PassMark | undefined;
      let run: PassMark[] = [];
      for (const { epoch, isReady, pass } of sequence) {
        const view = meta(epoch, isReady ? epoch : epoch + 1, pass);
        const isLower =
          highest !== undefined &&
          (epoch < highest.epoch || (epoch === highest.epoch && pass < highest.pass));
        if (!isReady || isLower || (run[0] && run[0].epoch !== epoch)) run = [];
        if (isReady && !isLower) run.push({ epoch, pass });
        highest = highestMark(highest, seenMark(view, highest));
        const observed = observeAbsence(absence, view, highest);
        absence = observed.absence;
        const [first] = run;
        const isDue = first !== undefined && isReady && pass >= first.pass + 2;
        assert.equal(observed.proven, isDue && !isLower);
      }
    }),
  );
});

test('the brake lets a tenth go in an epoch, and always one', () => {
  for (const [appliedCount, limit] of [
    [1, 1],
    [9, 1],
    [20, 2],
    [100, 10],
  ] as const) {
    let brake: BrakeState | undefined;
    let removedCount = 0;
    for (let left = appliedCount; left > 0; left -= 1) {
      const next = takeRemoval({ brake, epoch: 3, appliedCount: left, resume: undefined });
      if (!next) break;
      brake = next;
      removedCount += 1;
    }
    assert.equal(removedCount, limit, `${appliedCount} in force`);
  }
});

test('the brake lets more go once an operator names the epoch, or in the next epoch', () => {
  const brake = { epoch: 3, limit: 1, used: 1 };
  const input = { brake, epoch: 3, appliedCount: 10 };
  assert.equal(takeRemoval({ ...input, resume: undefined }), undefined);
  assert.equal(takeRemoval({ ...input, resume: 2 }), undefined);
  assert.equal(takeRemoval({ ...input, resume: 3 })?.used, 2);
  assert.deepEqual(takeRemoval({ ...input, epoch: 4, resume: undefined }), {
    epoch: 4,
    limit: 1,
    used: 1,
  });
});

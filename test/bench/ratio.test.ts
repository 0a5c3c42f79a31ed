import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMet, medianOf, ratiosOf, spreadOf } from './ratio.ts';

const rounds = [
  { product: 2, floor: 1, baseline: 20 },
  { product: 4, floor: 4, baseline: 20 },
  { product: 3, floor: 2, baseline: 60 },
];

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([4, 1, 2, 3]), 2.5);
  assert.throws(() => medianOf([]), /no values/);
});

test('ratios are formed within a round, never between rounds', () => {
  assert.deepEqual(ratiosOf(rounds, 'floor', 'ms'), { min: 1, median: 1.5, max: 2 });
});

test('against the baseline a ratio above 1 is better, for times as for rates', () => {
  assert.deepEqual(ratiosOf(rounds, 'baseline', 'ms'), { min: 5, median: 10, max: 20 });
  const rates = [{ product: 200, floor: 250, baseline: 2 }];
  assert.equal(ratiosOf(rates, 'baseline', '/s')?.median, 100);
});

test('there is no ratio to a baseline that was not measured', () => {
  const alone = [{ product: 1, floor: 1, baseline: undefined }];
  assert.equal(ratiosOf(alone, 'baseline', 'ms'), undefined);
});

test('a goal is judged by the median', () => {
  const spread = spreadOf([1, 1.25, 9]);
  assert.equal(isMet({ against: 'floor', bound: 'at most', ratio: 1.3 }, spread), true);
  assert.equal(isMet({ against: 'floor', bound: 'at least', ratio: 1.3 }, spread), false);
});

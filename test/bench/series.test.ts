import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthOf } from './series.ts';

const pointsOf = (cost: (size: number) => number) =>
  [10, 100, 1_000, 10_000].map((size) => ({ size, value: cost(size) }));

test('a constant cost has exponent 0, a linear one 1, a quadratic one 2', () => {
  for (const exponent of [0, 1, 2]) {
    const found = growthOf(
      pointsOf((size) => 7 * size ** exponent),
      'ms',
    );
    assert(Math.abs((found ?? Number.NaN) - exponent) < 1e-9);
  }
});

test('a rate that falls by the size is a linear cost', () => {
  const found = growthOf(
    pointsOf((size) => 1_000 / size),
    '/s',
  );
  assert(Math.abs((found ?? Number.NaN) - 1) < 1e-9);
});

test('one size tells nothing of growth', () => {
  assert.equal(growthOf([{ size: 10, value: 1 }], 'ms'), undefined);
  assert.equal(
    growthOf(
      [
        { size: 10, value: 1 },
        { size: 10, value: 2 },
      ],
      'ms',
    ),
    undefined,
  );
});

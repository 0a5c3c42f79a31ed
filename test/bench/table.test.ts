import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BenchProgram } from './bench-program.ts';
import type { Measure } from './measure.ts';
import { describeMeasured, toRecord } from './table.ts';

const program: BenchProgram = {
  pid: 1,
  address: '',
  run: () => Promise.reject(new Error('nothing runs here')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

const measure: Measure = {
  title: 'one Set',
  unit: 'ms',
  inFlight: 1,
  product: { what: 'a unary Set', program, pids: { caller: 1, controller: 2 } },
  floor: { what: 'insert, then put', program, pids: { floor: 3 } },
  targets: [{ against: 'floor', bound: 'at most', ratio: 1.3 }],
};

const rounds = [
  {
    product: { value: 6, operations: 100, seconds: 1, cpu: { caller: 0.1, controller: 0.5 } },
    floor: { value: 4, operations: 200, seconds: 1, cpu: { floor: 0.2 } },
  },
];

test('tells values, CPU and ratio of a measure, and whether its goal is met', () => {
  const text = describeMeasured({ goal: 'G2', measure, rounds });
  assert.match(text, /G2 {2}one Set, 1 in flight/);
  assert.match(text, /product +6\.00 ms \(6\.00 to 6\.00\) +a unary Set/);
  assert.match(text, /caller 1\.00 ms \(10 %\), controller 5\.00 ms \(50 %\)/);
  assert.match(text, /ratio +1\.50 .*of the floor; goal: at most 1\.3: NOT MET/);
});

test('says nothing of a baseline that a goal does not have', () => {
  assert.doesNotMatch(describeMeasured({ goal: 'G2', measure, rounds }), /baseline/);
});

test('the record holds every round and the spread of each ratio', () => {
  assert.deepEqual(toRecord({ goal: 'G2', measure, rounds }), {
    ...{ goal: 'G2', title: 'one Set', unit: 'ms', inFlight: 1 },
    contenders: {
      ...{ product: 'a unary Set', floor: 'insert, then put' },
      ...{ baseline: undefined, reference: undefined },
    },
    ratios: [
      {
        ...{ against: 'floor', bound: 'at most', ratio: 1.3 },
        ...{ min: 1.5, median: 1.5, max: 1.5, met: false },
      },
    ],
    rounds,
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkUpdateMask, readMask } from './field-mask.ts';
import { StatusError } from './status.ts';

const completion = {
  ...{ env: '1', id: 'a', generation: 7, state: 'COMPLETION_STATE_COMPLETE' },
  counts: { done: 2, pending: 1 },
  lag: { seconds: 0, nanos: 5 },
  blockers: [{ agent: 'x' }],
};

const violationsOf = (work: () => unknown) => {
  try {
    work();
    return [];
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.codeName, 'INVALID_ARGUMENT');
    return error.violations.map(({ field, description }) => `${field}: ${description}`);
  }
};

test('a read mask leaves the fields that it names, also inside of a message', () => {
  const mask = (...paths: string[]) => readMask({ paths }, 'Completion')(completion);
  assert.deepEqual(mask('generation', 'state'), { generation: 7, state: completion.state });
  assert.deepEqual(mask('counts.done', 'lag'), { counts: { done: 2 }, lag: completion.lag });
  assert.deepEqual(mask('counts.done', 'counts'), { counts: completion.counts });
  assert.deepEqual(mask('as_of_revision'), {});
});

test('no mask, an empty one and * are everything', () => {
  for (const mask of [null, undefined, { paths: [] }, { paths: ['*'] }]) {
    assert.equal(readMask(mask, 'Completion')(completion), completion);
    checkUpdateMask(mask, 'Environment', ['min_agents']);
  }
});

test('every path that is no field is named', () => {
  const paths = ['nope', 'asOfRevision', 'counts.nope', 'blockers.agent', 'lag.seconds', ''];
  assert.deepEqual(
    violationsOf(() => readMask({ paths: ['state', ...paths] }, 'Completion')),
    paths.map((path) => `read_mask: "${path}" is no field of Completion`),
  );
  assert.deepEqual(
    violationsOf(() => readMask({ paths: ['*', 'state'] }, 'Completion')),
    ['read_mask: "*" must stand alone'],
  );
  const many = Array.from({ length: 101 }, () => 'state');
  assert.deepEqual(
    violationsOf(() => readMask({ paths: many }, 'Completion')),
    ['read_mask: must be at most 100 paths'],
  );
});

test('an update mask names only what may change', () => {
  const check = (...paths: string[]) =>
    violationsOf(() => checkUpdateMask({ paths }, 'Environment', ['min_agents']));
  assert.deepEqual(check('min_agents'), []);
  assert.deepEqual(check('live_agents', 'nope'), [
    'update_mask: "live_agents" cannot be changed',
    'update_mask: "nope" is no field of Environment',
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeLog } from './change-log.ts';

const changes = (log: ChangeLog, seq: number) =>
  log.since(seq)?.map(({ env, id }) => `${env}/${id}`);

test('what changed after a number is known, in order, as long as it is kept', () => {
  const log = new ChangeLog({ max: 3 });
  assert.deepEqual(log.since(0), []);
  for (let index = 1; index <= 6; index += 1) log.note({ env: '1', id: `c${index}` });
  assert.equal(log.seq, 6);
  assert.deepEqual(changes(log, 4), ['1/c5', '1/c6']);
  assert.deepEqual(changes(log, 6), []);
  log.note({ env: '1', id: 'c7' });
  assert.equal(log.seq, 7);
  assert.deepEqual(changes(log, 4), ['1/c5', '1/c6', '1/c7']);
  assert.equal(log.since(3), undefined);
  assert.equal(log.since(8), undefined, 'a number of another process');
});

test('a change of an environment stands for all of its configs', () => {
  const log = new ChangeLog();
  const configs = new Map([
    ['1', new Set(['a'])],
    ['2', new Set(['b'])],
  ]);
  log.changed({ configs, envs: new Set(['1']), all: false });
  assert.deepEqual(log.since(0), [{ env: '1' }, { env: '2', id: 'b' }]);
  log.changed({ configs, envs: new Set(), all: true });
  assert.deepEqual(log.since(2), [{}]);
});

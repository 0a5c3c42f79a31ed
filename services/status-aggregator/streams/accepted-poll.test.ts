import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedRow } from '../domain/testing/completion-case.ts';
import type { RowsAnswer } from '../store/accepted-reader.ts';
import { AcceptedPoll } from './accepted-poll.ts';
import type { LoggedChange } from './change-log.ts';

interface Mysql {
  known: boolean;
  pending: Map<string, number>;
  minAgents: Map<string, number>;
}

function openPoll(mysql: Mysql): { poll: AcceptedPoll; noted: LoggedChange[] } {
  const noted: LoggedChange[] = [];
  const readRows = async (): Promise<RowsAnswer> => ({
    known: mysql.known,
    rows: [...mysql.pending.keys()].map((id) => ({ env: '1', id })),
    envs: [...mysql.minAgents.keys()],
    accepted: ({ id }) => acceptedRow(mysql.pending.get(id) ?? 0),
    minAgents: (env) => mysql.minAgents.get(env) ?? 1,
  });
  const changes = { note: (change: LoggedChange) => noted.push(change) };
  const deps = { reader: { readRows }, changes, isWanted: () => true };
  return { poll: new AcceptedPoll(deps), noted };
}

test('configs that begin and cease to be pending are noted, and no others', async () => {
  const mysql: Mysql = { known: true, pending: new Map(), minAgents: new Map() };
  const { poll, noted } = openPoll(mysql);
  const changed = async () => {
    await poll.look();
    return noted.splice(0).map(({ id }) => id);
  };
  assert.deepEqual(await changed(), []);
  mysql.pending.set('a', 1).set('b', 1);
  assert.deepEqual(await changed(), ['a', 'b']);
  assert.deepEqual(await changed(), []);
  mysql.pending.delete('a');
  mysql.pending.set('b', 2);
  assert.deepEqual(await changed(), ['a', 'b']);
});

test('a new minimum of members concerns its whole environment', async () => {
  const mysql: Mysql = { known: true, pending: new Map(), minAgents: new Map([['1', 3]]) };
  const { poll, noted } = openPoll(mysql);
  await poll.look();
  assert.deepEqual(
    noted.splice(0),
    [{ env: '1' }],
    'it may have been another for who listens already',
  );
  mysql.minAgents.set('1', 2).set('2', 5);
  await poll.look();
  assert.deepEqual(noted, [{ env: '1' }, { env: '2' }]);
});

test('what MySQL does not say has not changed', async () => {
  const mysql: Mysql = { known: true, pending: new Map([['a', 1]]), minAgents: new Map() };
  const { poll, noted } = openPoll(mysql);
  await poll.look();
  noted.length = 0;
  mysql.known = false;
  mysql.pending.clear();
  await poll.look();
  assert.equal(poll.isKnown, false);
  assert.deepEqual(noted, []);
  mysql.known = true;
  await poll.look();
  assert.equal(poll.isKnown, true);
  assert.deepEqual(noted, [{ env: '1', id: 'a' }]);
});

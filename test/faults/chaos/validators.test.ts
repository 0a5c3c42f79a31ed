import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, History } from './history.ts';
import { VALIDATORS, validate } from './validators.ts';

const key = { env: '1', id: 'a' };
const write = (generation: number | undefined, mark: string, more: object = {}): Event => ({
  ...{ t: 'write', ...key, kind: 'set', requestId: '', mark, startMs: 10, endMs: 11 },
  ...{ generation, changed: true, isPending: false, tries: 1, ...more },
});
const kept = (generation: number, mark: string, deleted = false): Event => ({
  ...{ t: 'kept', ...key, generation, mark, deleted },
});
const disk = (mark: string | undefined, atMs: number): Event => ({
  ...{ t: 'disk', ...key, agent: '1/x', mark, atMs },
});
const said = (
  state: string,
  generation: number,
  mark: string | undefined,
  alive = true,
): Event => ({
  ...{ t: 'said', ...key, state, generation, askedMs: 0, atMs: 1 },
  ...{ disks: { '1/x': mark }, alive: alive ? ['1/x'] : [] },
});
const waited = (outcome: string, generation: number, endMs: number): Event => ({
  ...{ t: 'waited', ...key, generation, outcome, startMs: 0, endMs, deadlineMs: 1_000 },
});
const rest = (epoch: number, ...faults: string[]): Event => ({
  ...{ t: 'rest', round: 1, epoch, faults, atMs: 0 },
});
const gone = { kind: 'delete', mark: '' };

const truth = [kept(1, 'p'), kept(2, 'q'), kept(3, 'q', true), kept(4, 'r')];
const lies: [validator: keyof typeof VALIDATORS, what: string, events: Event[]][] = [
  ['nothingLost', 'a generation that is not there', [write(9, 'p')]],
  ['nothingLost', 'another content', [write(2, 'p')]],
  ['nothingLost', 'a delete that is a config', [write(2, 'q', gone)]],
  ['generationsRise', 'an acknowledged generation twice', [write(2, 'q'), write(2, 'q')]],
  ['generationsRise', 'an older file', [disk('q', 1), disk('p', 2)]],
  ['nothingDeletedWrongly', 'a file that nobody deleted', [disk('q', 1), disk(undefined, 2)]],
  [
    'nothingDeletedWrongly',
    'a file that is newer than the delete',
    [write(3, '', gone), disk('r', 20), disk(undefined, 30)],
  ],
  ['nothingCompleteTooEarly', 'an agent that is behind', [said('COMPLETE', 2, 'p')]],
  ['nothingCompleteTooEarly', 'an agent without a file', [said('COMPLETE', 4, undefined)]],
  ['nothingCompleteTooEarly', 'a dead agent', [said('COMPLETE', 2, 'p', false)]],
  [
    'nothingCompleteTooEarly',
    'a live agent, with exceptions',
    [said('COMPLETE_WITH_EXCEPTIONS', 2, 'p')],
  ],
  ['nothingCompleteTooEarly', 'a file that is still there', [said('DELETED', 3, 'q')]],
  [
    'equalIsNoChange',
    'a new generation of the same content',
    [write(1, 'p'), write(2, 'p', { changed: true })],
  ],
  ['waitsEnd', 'a wait that hangs', [waited('DONE', 1, 9_000)]],
  ['waitsEnd', 'superseded by nothing', [waited('SUPERSEDED', 4, 10)]],
  ['epochStays', 'another epoch for nothing', [rest(1), rest(2, 'agent: kill')]],
  [
    'epochStays',
    'another epoch long after a loss',
    [rest(1), rest(1, 'etcd: wiped'), rest(1, 'agent: kill'), rest(2, 'agent: kill')],
  ],
  ['epochStays', 'two epochs for one loss', [rest(1), rest(2, 'etcd: wiped'), rest(3)]],
];

for (const [validator, what, events] of lies) {
  test(`${validator} sees ${what}`, () => {
    const history = new History();
    for (const event of [...events, ...truth]) history.add(event);
    assert.equal([...(VALIDATORS[validator]?.(history) ?? [])].length > 0, true);
  });
}

test('a history as it should be breaks nothing', () => {
  const history = new History();
  const events = [
    ...[write(1, 'p'), write(1, 'p', { changed: false }), disk('p', 5), write(2, 'q')],
    ...[said('COMPLETE', 1, 'q'), disk('q', 12), said('COMPLETE', 2, 'q')],
    ...[said('COMPLETE_WITH_EXCEPTIONS', 2, 'p', false), write(3, '', gone), disk(undefined, 20)],
    ...[said('DELETED', 3, undefined), said('DELETED', 3, 'r'), said('COMPLETE', 2, undefined)],
    ...[write(undefined, 's'), write(4, 'r'), disk('r', 30), waited('SUPERSEDED', 2, 900)],
    ...[waited('DONE', 4, 3_900), rest(1), rest(1, 'etcd: restored'), rest(2)],
  ];
  for (const event of [...events, ...truth]) history.add(event);
  assert.deepEqual(validate(history), []);
});

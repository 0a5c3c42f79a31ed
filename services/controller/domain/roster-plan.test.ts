import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AgentKeys,
  type Member,
  type MirrorAction,
  planMirror,
  planRestore,
} from './roster-plan.ts';

const name = { env: 'env1', name: 'agent-1' };
const registration = { instance: 'i1', started_at: '2026-11-23T08:00:00.000Z' };
const joinedAt = '2026-11-23T09:00:00.000Z';
const roster = { modRevision: 7n, left: false, member: { instance: 'i1', joinedAt } };
const live: AgentKeys = { ...name, live: true, registration, roster };
const lost: AgentKeys = { ...name, live: false, roster };
const left: AgentKeys = { ...name, live: false, roster: { modRevision: 9n, left: true } };
const row: Member = { ...name, instance: 'i1', joinedAt };
const lostRow: Member = { ...row, lostSince: new Date(0) };
const leftRow: Member = { ...row, leftAt: new Date(0) };
const joined: MirrorAction = { kind: 'joined', ...name, instance: 'i1', joinedAt };

const cases: [string, AgentKeys[], Member[], MirrorAction[]][] = [
  ['a new agent is recorded', [live], [], [joined]],
  ['a recorded agent needs nothing', [live], [row], []],
  [
    'an agent that came back as another instance is recorded anew',
    [live],
    [{ ...row, instance: 'i0' }],
    [joined],
  ],
  ['an agent that had left is recorded anew', [live], [leftRow], [joined]],
  ['a member without registration is lost', [lost], [row], [{ kind: 'lost', ...name }]],
  ['a lost member stays lost since then', [lost], [lostRow], []],
  [
    'an unknown member without registration is recorded as lost',
    [lost],
    [],
    [joined, { kind: 'lost', ...name }],
  ],
  ['a lost member that registered is back', [live], [lostRow], [{ kind: 'back', ...name }]],
  [
    'a clean exit is recorded, then its key removed',
    [left],
    [row],
    [{ kind: 'left', ...name, modRevision: 9n, recorded: false }],
  ],
  [
    'a recorded exit only loses its key',
    [left],
    [leftRow],
    [{ kind: 'left', ...name, modRevision: 9n, recorded: true }],
  ],
  ['a member without any key is lost, not gone', [], [row], [{ kind: 'lost', ...name }]],
  ['one who left without any key needs nothing', [], [leftRow], []],
  [
    'a registration without roster key is a member',
    [{ ...name, live: true, registration }],
    [],
    [{ ...joined, joinedAt: registration.started_at }],
  ],
  [
    'a record is better than a missing roster key',
    [{ ...name, live: true, registration }],
    [row],
    [],
  ],
  [
    'a record is better than a garbage roster value',
    [{ ...live, roster: { ...roster, member: { instance: '', joinedAt: '' } } }],
    [row],
    [],
  ],
];

for (const [promise, agents, members, actions] of cases) {
  test(promise, () => assert.deepEqual(planMirror(agents, members), actions));
}

test('restores members whose key is missing, but nobody who left', () => {
  const other = { ...row, name: 'agent-2' };
  const gone = { ...leftRow, name: 'agent-3' };
  assert.deepEqual(planRestore(new Set(['env1/agent-1']), [row, other, gone]), [
    { env: 'env1', name: 'agent-2', value: { instance: 'i1', joined_at: joinedAt } },
  ]);
});

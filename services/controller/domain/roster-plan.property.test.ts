// The mirror and the restoring, executed on a small model of etcd and MySQL.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RosterValue } from '#libs/keyspace';
import { planForget } from './forget-plan.ts';
import {
  type AgentKeys,
  type Member,
  type MirrorAction,
  planMirror,
  planRestore,
  type RosterEntry,
} from './roster-plan.ts';

const ENV = '1';
const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-23T12:00:00.000Z');
const FORGET_AFTER_MS = 24 * HOUR_MS;
const ROUNDS_MAX = 5;

/** One etcd, one MySQL, and the database's clock. */
class World {
  nowMs = START_MS;
  keys = new Map<string, AgentKeys>();
  readonly rows = new Map<string, Member>();
  #revision = 0n;

  list(): Member[] {
    return [...this.rows.values()].map((row) => ({ ...row, readAt: new Date(this.nowMs) }));
  }

  register(name: string, instance: string): void {
    const joinedAt = new Date(this.nowMs).toISOString();
    const registration = { instance, started_at: joinedAt };
    this.keys.set(name, { env: ENV, name, live: true, registration });
    this.put(name, { instance, joined_at: joinedAt });
  }

  crash(name: string): void {
    const { roster } = this.keys.get(name) ?? {};
    if (roster) this.keys.set(name, { env: ENV, name, live: false, roster });
    else this.keys.delete(name);
  }

  leave(name: string): void {
    if (!this.keys.get(name)?.live) return;
    this.crash(name);
    this.put(name, { left_at: new Date(this.nowMs).toISOString() });
  }

  put(name: string, value: RosterValue): void {
    this.#revision += 1n;
    const keys = this.keys.get(name) ?? { env: ENV, name, live: false };
    this.keys.set(name, { ...keys, roster: this.#entry(value) });
  }

  wipe(): void {
    this.keys.clear();
  }

  restore(): void {
    const present = [...this.keys].filter(([, { roster }]) => roster).map(([name]) => name);
    const keys = new Set(present.map((name) => `${ENV}/${name}`));
    for (const { name, value } of planRestore(keys, this.list())) this.put(name, value);
  }

  /** Until there is nothing to do; returns what was done. */
  mirror(): MirrorAction[] {
    const done: MirrorAction[] = [];
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const actions = planMirror([...this.keys.values()], this.list());
      if (actions.length === 0) return done;
      for (const action of actions) this.#execute(action);
      done.push(...actions);
    }
    throw new Error(`the mirror does not come to rest: ${done.at(-1)?.kind}`);
  }

  forget(): void {
    for (const gone of planForget([...this.keys.values()], this.list(), FORGET_AFTER_MS)) {
      const keys = this.keys.get(gone.name);
      const survivor = this.keys.get(gone.survivor.name);
      assert.equal(keys?.live, false, 'a live member is forgotten');
      assert.equal(survivor?.roster?.left, false, 'nobody stays');
      this.put(gone.name, { left_at: gone.at.toISOString(), forgotten: true });
    }
  }

  /** Who is expected, and who was forgotten, as MySQL has it. */
  standing(): string[] {
    return [...this.rows.values()].flatMap(({ name, leftAt, forgotten }) => {
      if (!leftAt) return [`${name} member`];
      return forgotten ? [`${name} forgotten`] : [];
    });
  }

  /** The same as etcd has it. */
  shown(): string[] {
    return [...this.keys.values()].flatMap(({ name, live, roster }) => {
      if (live || roster?.left === false) return [`${name} member`];
      return roster?.forgottenAt === undefined ? [] : [`${name} forgotten`];
    });
  }

  #entry(value: RosterValue): RosterEntry {
    const modRevision = this.#revision;
    if ('left_at' in value) {
      const { left_at: forgottenAt, forgotten } = value;
      return { modRevision, left: true, ...(forgotten && { forgottenAt }) };
    }
    const member = { instance: value.instance, joinedAt: value.joined_at };
    return { modRevision, left: false, member };
  }

  #execute(action: MirrorAction): void {
    const { env, name } = action;
    const before = this.rows.get(name);
    const change = (row: Partial<Member>) => {
      if (before) this.rows.set(name, { ...before, ...row });
    };
    const now = new Date(this.nowMs);
    if (action.kind === 'joined') {
      const { instance, joinedAt } = action;
      this.rows.set(name, { env, name, instance, joinedAt, lostSince: null, leftAt: null });
    } else if (action.kind === 'lost') change({ lostSince: before?.lostSince ?? now });
    else if (action.kind === 'back') change({ lostSince: null });
    else if (action.kind === 'restored') this.put(name, action.value);
    else if (action.kind === 'forgotten') {
      change({ leftAt: new Date(action.at), forgotten: true, lostSince: null });
    } else {
      if (!action.recorded) change({ leftAt: now, lostSince: null, forgotten: false });
      this.keys.delete(name);
    }
  }
}

const RUNS = { numRuns: 300 };
/** Histories that were wrong once. */
const REWOUND_TO_AN_EARLIER_LIFE = [
  { do: 'register' as const, name: 'b' as const },
  { do: 'back up' as const, name: 'a' as const },
  { do: 'register' as const, name: 'b' as const },
  { do: 'leave' as const, name: 'b' as const },
  { do: 'rewind' as const, name: 'a' as const },
];
const name = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wipe' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('back up' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rewind' as const), name }) },
);

/** Executes a history; `look` runs once the controllers have come to rest after each step. */
function play(
  steps: readonly { do: string; name: string }[],
  look: (world: World, before: readonly string[], what: string) => void,
): void {
  const world = new World();
  let snapshot = new Map(world.keys);
  for (const [index, { do: what, name: who }] of steps.entries()) {
    const before = world.standing();
    world.nowMs += 1_000;
    if (what === 'register') world.register(who, `${who}-${index}`);
    if (what === 'crash') world.crash(who);
    if (what === 'leave') world.leave(who);
    if (what === 'wait') world.nowMs += 13 * HOUR_MS;
    if (what === 'wipe') world.wipe();
    if (what === 'back up') snapshot = new Map(world.keys);
    if (what === 'rewind') {
      // Leases of the backup have ended by then.
      const alive = [...world.keys.values()].filter(({ live }) => live);
      const roster = [...snapshot].map(([key, keys]) => [key, { ...keys, live: false }] as const);
      world.keys = new Map([...roster, ...alive.map((keys) => [keys.name, keys] as const)]);
    }
    world.restore();
    world.mirror();
    world.forget();
    world.mirror();
    look(world, before, what);
  }
}

test('the mirror comes to rest, and MySQL then says what etcd says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      play(steps, (world) => assert.deepEqual(world.shown().sort(), world.standing().sort()));
    }),
    RUNS,
  );
});

test('an environment that had a member keeps one, unless it left by itself', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      play(steps, (world, before, what) => {
        const hadMember = before.some((line) => line.endsWith('member'));
        const hasMember = world.standing().some((line) => line.endsWith('member'));
        assert.ok(!hadMember || hasMember || what === 'leave');
      });
    }),
    RUNS,
  );
});

test('a wipe changes nothing of who is expected and who was forgotten', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      play(steps, (world, before, what) => {
        if (what === 'wipe') assert.deepEqual(world.standing().sort(), [...before].sort());
      });
    }),
    RUNS,
  );
});

test('a rewind takes nobody off the roster, and brings nobody back who left by itself', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      play(steps, (world, before, what) => {
        if (what !== 'rewind') return;
        const namesOf = (lines: readonly string[]) => lines.map((line) => line[0] ?? '').toSorted();
        assert.deepEqual(namesOf(world.standing()), namesOf(before));
      });
    }),
    { ...RUNS, examples: [[REWOUND_TO_AN_EARLIER_LIFE]] },
  );
});

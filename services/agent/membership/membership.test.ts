import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EtcdUnavailableError,
  type Lease,
  LeaseLostError,
  LeaseNotFoundError,
  OutcomeUnknownError,
} from '#libs/etcd';
import { silentLog } from '#libs/telemetry';
import type { JournalEntry } from '../journal/journal-state.ts';
import { JournalMemory } from '../journal/journal-state.ts';
import { DuplicateNameError, Membership } from './membership.ts';
import type { ClaimResult, Registrar } from './registrar.ts';

type Answer = ClaimResult | Error;
const claimed = (revision: bigint, createRevision = revision): ClaimResult => {
  return { claimed: true, createRevision, revision };
};
const heldBy = (instance: string, createRevision: bigint): ClaimResult => ({
  claimed: false,
  holder: { instance, createRevision, modRevision: createRevision },
});
const unavailable = new EtcdUnavailableError('txn', 'test');

class FakeLease implements Lease {
  readonly id: string;
  readonly #ended = new AbortController();
  disposed = false;

  constructor(id: string) {
    this.id = id;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  writable(): boolean {
    return !this.#ended.signal.aborted;
  }

  end(reason: string): void {
    this.#ended.abort(new LeaseLostError(this.id, reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

/** A membership whose etcd answers as told; the clock jumps a second at each claim. */
function openMembership(answers: Answer[], { predecessor = '', revoke = async () => {} } = {}) {
  const memory = new JournalMemory();
  if (predecessor !== '') memory.take({ t: 'lease', lease: predecessor });
  const leases: FakeLease[] = [];
  const calls: string[] = [];
  let nowMs = 0;
  const next = async (call: string): Promise<ClaimResult> => {
    calls.push(call);
    nowMs += 8_000;
    const answer = answers.shift();
    assert.ok(answer, `unexpected ${call}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const patience: (number | undefined)[] = [];
  const registrar: Pick<Registrar, 'create' | 'takeOver' | 'leave'> = {
    create: (lease, { timeoutMs }) => {
      patience.push(timeoutMs);
      return next(`create ${lease}`);
    },
    takeOver: (lease, { modRevision }) => next(`take over ${modRevision} with ${lease}`),
    leave: async (revision) => {
      calls.push(`leave ${revision}`);
      return true;
    },
  };
  const sessions = Promise.withResolvers<void>();
  const take = (entries: JournalEntry[]) => entries.forEach((entry) => memory.take(entry));
  const membership = new Membership({
    env: 'e',
    name: 'a',
    instance: 'mine',
    kv: {
      leaseRevoke: async (lease) => {
        calls.push(`revoke ${lease}`);
        await revoke();
      },
    },
    registrar,
    journal: {
      state: memory,
      append: async (...entries) => take(entries),
      note: (...entries) => take(entries),
    },
    openLease: async () => {
      const lease = new FakeLease(`L${leases.length + 1}`);
      leases.push(lease);
      return lease;
    },
    onSession: () => sessions.resolve(),
    log: silentLog,
    clock: { now: () => nowMs, monotonicMs: () => nowMs },
    random: () => 0,
    claimEveryMs: 0,
  });
  return { membership, leases, calls, memory, patience, session: sessions.promise };
}

test('registers, and leaves the roster and its lease behind at a stop', async () => {
  const { membership, leases, calls, memory, session } = openMembership([claimed(7n)]);
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await session;
  assert.equal(membership.session?.createRevision, 7n);
  assert.equal(memory.lease, 'L1');
  stop.abort();
  await running;
  assert.deepEqual(calls, ['create L1', 'leave 7']);
  assert.equal(leases[0]?.disposed, true);
  assert.equal(membership.session, undefined);
  assert.equal(memory.lease, '');
});

test('revokes the lease of the process before it, before it registers', async () => {
  const { membership, calls, session } = openMembership([claimed(7n)], { predecessor: '99' });
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await session;
  assert.deepEqual(calls, ['revoke 99', 'create L1']);
  stop.abort();
  await running;
});

test('a lease of the process before it that is gone already is no obstacle', async () => {
  const revoke = async () => {
    throw new LeaseNotFoundError('revoke');
  };
  const { membership, session } = openMembership([claimed(7n)], { predecessor: '99', revoke });
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await session;
  stop.abort();
  await running;
});

test('takes its own registration over after an answer was lost', async () => {
  const lost = new OutcomeUnknownError('txn', 'test');
  const answers = [lost, heldBy('mine', 7n), claimed(9n, 7n)];
  const { membership, calls, session } = openMembership(answers);
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await session;
  assert.deepEqual(calls, ['create L1', 'create L1', 'take over 7 with L1']);
  assert.equal(membership.session?.createRevision, 7n);
  stop.abort();
  await running;
});

test('gives up a name that another instance holds, but not for an etcd that does not answer', async () => {
  const other = heldBy('other', 3n);
  const answers = [other, unavailable, other, unavailable, other, other, other];
  const { membership, calls, leases } = openMembership(answers);
  await assert.rejects(membership.run(new AbortController().signal), DuplicateNameError);
  assert.equal(calls.length, 7);
  assert.equal(leases[0]?.disposed, true);
});

test('leaves an etcd alone that is asked for too much, longer each time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const busy = new EtcdUnavailableError('txn', 'too many requests', { exhausted: true });
  const late = new OutcomeUnknownError('txn', 'deadline exceeded', { late: true });
  const { membership, calls, patience } = openMembership([busy, late, busy, claimed(7n)]);
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  const callsAfter = async (ms: number) => {
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
    return calls.length;
  };
  assert.equal(await callsAfter(0), 1);
  // The half of 1, 2 and 4 s: there is no jitter here.
  for (const [index, waitMs] of [500, 1_000, 2_000].entries()) {
    assert.equal(await callsAfter(waitMs - 1), index + 1);
    assert.equal(await callsAfter(1), index + 2);
  }
  assert.deepEqual(new Set(calls), new Set(['create L1']), 'under the lease that it has');
  assert.deepEqual(patience, [2_000, 4_000, 8_000, 8_000], 'and waits longer for each answer');
  stop.abort();
  await running;
});

test('registers anew under a new lease when its key was deleted', async () => {
  const { membership, leases, calls, session } = openMembership([claimed(7n), claimed(12n)]);
  const stop = new AbortController();
  const running = membership.run(stop.signal);
  await session;
  membership.registrationMissing(6n);
  assert.equal(leases[0]?.ended.aborted, false, 'an old delete is not ours');
  membership.registrationMissing(9n);
  assert.equal(leases[0]?.ended.aborted, true);
  while (membership.session?.createRevision !== 12n) await new Promise(setImmediate);
  assert.deepEqual(calls, ['create L1', 'create L2']);
  stop.abort();
  await running;
});

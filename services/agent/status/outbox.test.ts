import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compare,
  compareCreate,
  EtcdUnavailableError,
  type Lease,
  LeaseNotFoundError,
  OutcomeUnknownError,
  put,
  type RangeRequest,
  type RangeResult,
  type TxnRequest,
  type TxnResult,
} from '#libs/etcd';
import type { AgentPhase } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import { JournalMemory } from '../journal/journal-state.ts';
import type { Session } from '../membership/session.ts';
import { Outbox } from './outbox.ts';

const at = '2026-01-01T00:00:00.000Z';

/** An outbox over an etcd that keeps statuses in a map, under a registration of this revision. */
function openOutbox(count: number) {
  const range = async ({ key, revision: at }: RangeRequest): Promise<RangeResult> => {
    const { createRevision = 1n, lease } = session ?? {};
    const own = { createRevision, modRevision: 1n, lease: lease?.id ?? '0' };
    // What a restore took back is missing in the history, the registration is there all the same.
    const isGone = isRestored && at !== undefined;
    const kvs = isGone ? [] : [{ key, value: Buffer.of(), ...own }];
    return { revision: 1n, kvs, count: 1, more: false };
  };
  const memory = new JournalMemory();
  const active = new Map<string, AgentPhase>();
  const report = (id: string, generation: number) => {
    const version = { generation, digest: 'd', content: '{}', traceparent: '', createdAt: '' };
    const proof = { level: 'APPLIED', method: 'test' } as const;
    memory.take({ t: 'config', id, applied: { ...version, at, proof }, attempt: null });
  };
  for (let n = 0; n < count; n += 1) report(`c${n}`, 1);
  const etcd = new Map<string, string>();
  const txns: TxnRequest[] = [];
  const synced: unknown[] = [];
  const faults: Error[] = [];
  let session: Session | undefined;
  let epoch: number | undefined = 1;
  let revision = 5n;
  let since = 5n;
  let isWritable = true;
  let isOurs = true;
  let isSeen = true;
  let isRestored = false;
  let isOvertaken = false;
  const guarded: (readonly Compare[])[] = [];
  const fences: unknown[] = [];
  let registered: unknown = null;
  const txn = async (request: TxnRequest): Promise<TxnResult> => {
    txns.push(request);
    const fault = faults.shift();
    if (fault) throw fault;
    if (isOurs) {
      for (const op of request.success) {
        if ('put' in op) etcd.set(op.put.key, op.put.value);
        if ('delete' in op) etcd.delete(op.delete.key);
      }
    }
    const results = request.success.map(() => ({ kind: 'put' }) as const);
    return { succeeded: isOurs, revision: 1n, results };
  };
  const outbox = new Outbox({
    env: 'e',
    name: 'a',
    instance: 'i',
    kv: { txn, range },
    journal: { state: memory },
    active: () => active,
    registrar: {
      synced: (_lease, value) => put('synced', JSON.stringify(value)),
      writeOwn: async ({ createRevision, success, guards }) => {
        const [first] = success;
        if (first && 'put' in first && first.put.key === 'synced') {
          const value: unknown = JSON.parse(first.put.value);
          if (value === null || isSame(value, registered)) fences.push(value);
          else synced.push(value);
          registered = value;
          const request = { compare: [], success };
          const results = [{ kind: 'put' }] as const;
          const result = { succeeded: true, revision: 1n, results };
          return isOurs ? { written: true, request, result } : { written: false, isOurs: false };
        }
        guarded.push(guards);
        const compare = [compareCreate('/ingress/agent/e/a', '=', createRevision), ...guards];
        if (isOvertaken) {
          isOvertaken = false;
          return { written: false, isOurs: true };
        }
        const result = await txn({ compare, success });
        if (!result.succeeded) return { written: false, isOurs: false };
        return { written: true, request: { compare, success }, result };
      },
    },
    session: () => session,
    listed: () => ({ epoch, revision, since }),
    registered: () => (isSeen ? session?.createRevision : undefined),
    log: silentLog,
    random: () => 0,
  });
  const register = (createRevision: bigint) => {
    const ended = new AbortController();
    const lease: Lease = {
      id: `L${createRevision}`,
      ended: ended.signal,
      writable: () => isWritable,
      end: () => ended.abort(),
      [Symbol.asyncDispose]: async () => undefined,
    };
    session = { lease, createRevision, revision: createRevision };
    outbox.wake();
    return lease;
  };
  const stop = new AbortController();
  const running = outbox.run(stop.signal);
  return {
    outbox,
    memory,
    active,
    report,
    etcd,
    txns,
    synced,
    faults,
    register,
    setEpoch: (value: number) => {
      epoch = value;
      outbox.wake();
    },
    /** etcd goes back to another history, in the same epoch. */
    rewind: (value: bigint) => {
      revision = value;
      since = value;
      outbox.wake();
    },
    see: (value: boolean) => {
      isSeen = value;
      outbox.wake();
    },
    relist: (value: bigint) => {
      revision = value;
      outbox.wake();
    },
    setWritable: (value: boolean) => {
      isWritable = value;
    },
    restore: () => {
      isRestored = true;
    },
    /** etcd is restored to a backup, and the next write is faster than the news of it. */
    overtake: () => {
      isOvertaken = true;
    },
    guarded,
    fences,
    loseKey: () => {
      isOurs = false;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Lets everything happen that does not wait for a timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** Waits for what comes after a timer; the test's own time-out bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

test('writes nothing before there is a registration', async () => {
  await using box = openOutbox(3);
  box.outbox.mark('c1');
  await settled();
  assert.equal(box.txns.length, 0);
});

test('writes nothing before the view shows the registration: it may be of another history', async () => {
  await using box = openOutbox(3);
  box.see(false);
  const lease = box.register(7n);
  await settled();
  assert.equal(box.txns.length, 0);
  assert.equal(lease.ended.aborted, false);
  box.see(true);
  await settled();
  assert.equal(box.etcd.size, 3);
});

test('writes everything at a registration, at most 120 a transaction, and then says synced', async () => {
  await using box = openOutbox(250);
  box.register(7n);
  await settled();
  assert.deepEqual(
    box.txns.map(({ success }) => success.length),
    [120, 120, 10],
  );
  const [compare] = box.txns[0]?.compare ?? [];
  assert.deepEqual(compare, { key: '/ingress/agent/e/a', target: 'create', op: '=', value: 7n });
  const [op] = box.txns[0]?.success ?? [];
  assert.equal(op && 'put' in op && op.put.lease, 'L7');
  assert.deepEqual(box.synced, [{ epoch: 1, revision: 5 }]);
  assert.deepEqual(box.outbox.synced, { epoch: 1, revision: 5 });
});

test('writes on change only, and only the newest', async () => {
  await using box = openOutbox(3);
  box.register(7n);
  await settled();
  box.outbox.mark('c1');
  await settled();
  assert.equal(box.txns.length, 1, 'nothing has changed');
  for (const generation of [2, 3, 4]) {
    box.report('c1', generation);
    box.outbox.mark('c1');
  }
  await settled();
  assert.equal(box.txns.length, 2);
  assert.match(box.etcd.get('/ingress/ingress_config_status/e/c1/a') ?? '', /"generation":4/);
  assert.equal(box.synced.length, 1);
});

test('writes everything again in a new epoch and under a new registration', async () => {
  await using box = openOutbox(3);
  box.register(7n);
  await settled();
  box.setEpoch(2);
  // The rewrite of a new epoch is jittered by a timer.
  await until(() => box.synced.length === 2);
  assert.equal(box.txns.at(-1)?.success.length, 3);
  assert.deepEqual(box.synced.at(-1), { epoch: 2, revision: 5 });
  box.register(9n);
  await settled();
  assert.equal(box.txns.at(-1)?.success.length, 3);
  assert.equal(box.txns.length, 3);
});

test('deletes the status of a removal whose tombstone is gone, however often that takes', async () => {
  await using box = openOutbox(1);
  const removed = { generation: 2, at, tombstone: true };
  box.memory.take({ t: 'removed', id: 'c0', removed });
  box.register(7n);
  await settled();
  assert.match(box.etcd.get('/ingress/ingress_config_status/e/c0/a') ?? '', /REMOVED/);
  box.memory.take({ t: 'removed', id: 'c0', removed: { ...removed, tombstone: false } });
  box.faults.push(new EtcdUnavailableError('txn', 'test'));
  box.outbox.mark('c0');
  while (box.etcd.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('writes everything again when etcd came back without the last status, and only then', async () => {
  await using box = openOutbox(3);
  box.register(7n);
  await settled();
  box.outbox.reconnected();
  await settled();
  assert.equal(box.txns.length, 1);
  box.restore();
  box.outbox.reconnected();
  await until(() => box.synced.length === 2);
  assert.equal(box.txns.length, 2);
  assert.equal(box.txns[1]?.success.length, 3);
});

test('says synced again when etcd came back without it, and nothing was ever reported', async () => {
  await using box = openOutbox(0);
  box.register(7n);
  await settled();
  assert.equal(box.synced.length, 1);
  box.restore();
  box.outbox.reconnected();
  await until(() => box.synced.length === 2);
  assert.deepEqual(box.txns, []);
});

test('writes everything again when its next write finds that the last ones are gone', async () => {
  await using box = openOutbox(3);
  box.register(7n);
  await settled();
  const key = (name: string) => ({ key: name, target: 'mod', op: '=' }) as const;
  assert.deepEqual(box.guarded, [[{ ...key('/ingress/agent/e/a'), value: 7n }]]);
  box.overtake();
  box.report('c1', 2);
  box.outbox.mark('c1');
  await until(() => box.synced.length === 2);
  assert.deepEqual(box.guarded[1], [
    { ...key('/ingress/ingress_config_status/e/c0/a'), value: 1n },
    { ...key('synced'), value: 1n },
  ]);
  assert.equal(box.txns.at(-1)?.success.length, 3);
});

test('a write whose answer was lost is fenced off before the next one', async () => {
  await using box = openOutbox(1);
  box.register(7n);
  await settled();
  box.faults.push(new OutcomeUnknownError('txn', 'test'));
  box.report('c0', 2);
  box.outbox.mark('c0');
  await until(() => box.txns.length === 3);
  assert.deepEqual(box.fences, [{ epoch: 1, revision: 5 }]);
  assert.deepEqual(box.guarded.at(-1), [{ key: 'synced', target: 'mod', op: '=', value: 1n }]);
});

test('a full rewrite does not hide what is just being put in force', async () => {
  await using box = openOutbox(0);
  const key = '/ingress/ingress_config_status/e/c0/a';
  box.active.set('c0', 'APPLYING');
  box.register(7n);
  await settled();
  assert.match(box.etcd.get(key) ?? '', /"phase":"APPLYING".*"applied":null/);
  assert.equal(box.synced.length, 1);
  box.active.clear();
  box.report('c0', 1);
  box.outbox.mark('c0');
  await settled();
  assert.match(box.etcd.get(key) ?? '', /"phase":"APPLIED"/);
});

test('says synced for the list that its rewrite began with, however long the rewrite takes', async () => {
  await using box = openOutbox(250);
  const key = '/ingress/ingress_config_status/e/late/a';
  box.faults.push(new EtcdUnavailableError('txn', 'test'));
  box.register(7n);
  await settled();
  assert.equal(box.txns.length, 1);
  // Before the rewrite is tried again, a config comes, goes, and is listed as gone.
  box.active.set('late', 'APPLYING');
  box.relist(90n);
  await until(() => box.synced.length === 1);
  // Of the late config nothing was said, so that nothing may be concluded from the silence.
  assert.equal(box.etcd.has(key), false);
  assert.deepEqual(box.synced, [{ epoch: 1, revision: 5 }]);
});

for (const how of ['is listed', 'is noticed'] as const) {
  test(`in another history that ${how} everything is said anew, and nothing old is left`, async () => {
    await using box = openOutbox(2);
    const key = '/ingress/ingress_config_status/e/c0/a';
    box.register(7n);
    await settled();
    const old = box.etcd.get(key) ?? '';
    box.memory.take({ t: 'removed', id: 'c0', removed: { generation: 2, at, tombstone: false } });
    box.outbox.mark('c0');
    await settled();
    assert.equal(box.etcd.has(key), false);
    // The backup that etcd was restored from still has the status, under the same lease.
    box.etcd.set(key, old);
    if (how === 'is listed') box.rewind(3n);
    else {
      box.restore();
      box.outbox.reconnected();
    }
    await until(() => box.synced.length === 2);
    assert.equal(box.etcd.has(key), false);
    const revisions = { 'is listed': 3, 'is noticed': 5 };
    assert.deepEqual(box.synced.at(-1), { epoch: 1, revision: revisions[how] });
  });
}

test('ends the lease when etcd refuses its statuses', async () => {
  for (const refuse of ['compare', 'lease'] as const) {
    await using box = openOutbox(1);
    if (refuse === 'compare') box.loseKey();
    else box.faults.push(new LeaseNotFoundError('txn'));
    const lease = box.register(7n);
    await settled();
    assert.equal(lease.ended.aborted, true);
    assert.equal(box.txns.length, 1);
    assert.equal(box.synced.length, 0);
  }
});

test('writes nothing while its lease may be over', async () => {
  await using box = openOutbox(1);
  box.setWritable(false);
  box.register(7n);
  await settled();
  assert.equal(box.txns.length, 0);
});

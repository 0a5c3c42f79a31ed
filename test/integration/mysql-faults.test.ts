import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import {
  type Mysql,
  MysqlBusyError,
  MysqlOutcomeUnknownError,
  MysqlReadOnlyError,
  MysqlUnavailableError,
  migrate,
  openMysql,
} from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import type { MysqlServer } from '#local';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { type CommitFault, openCommitProxy } from '#test/commit-proxy';
import { setCommand } from '#test/config-commands';
import { eventually } from '#test/eventually';
import { ownMysql } from '#test/servers';

/** What a caller waits at most while MySQL is away. */
const ANSWER_MAX_MS = 3_000;

let server: MysqlServer;
let url: string;

before(async () => {
  server = await ownMysql();
  url = server.url('faults');
  await migrate(url, log);
});
after(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function timed(promise: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const begun = performance.now();
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { error, ms: performance.now() - begun };
}

function assertUnavailable({ error, ms }: { error: unknown; ms: number }): void {
  const known = error instanceof MysqlUnavailableError || error instanceof MysqlOutcomeUnknownError;
  assert.ok(known, `got ${String(error)}`);
  assert.ok(ms <= ANSWER_MAX_MS, `took ${ms} ms`);
}

/** A process with many threads stops a moment after the signal. */
async function hasStopped(pid: number): Promise<void> {
  const isStopped = async () => / T /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
  await eventually(isStopped, { timeoutMs: 2_000, everyMs: 5 });
}

async function serves(mysql: Mysql): Promise<void> {
  await eventually(async () => await mysql.ping(), { timeoutMs: 2_000, what: 'MySQL' });
}

const faults: [CommitFault, string][] = [
  ['answered-not', 'a write whose COMMIT was executed but not answered is found to be there'],
  ['lost', 'a write whose COMMIT never arrived is written again'],
  ['late', 'a write whose COMMIT is still on its way is waited for'],
];
for (const [fault, promise] of faults) {
  test(promise, async () => {
    await using proxy = await openCommitProxy(url);
    await using mysql = openMysql({ url: proxy.url }, { log });
    const store = new ConfigStore({ mysql });
    await mysql.ping();
    proxy.failNextCommit(fault);
    const results = await Promise.all([
      store.set(setCommand(fault, 1)),
      store.set(setCommand(fault, 2, { requestId: fault })),
    ]);
    assert.equal(proxy.failed, 1);
    const generations = results.map((result) => result.kind === 'ok' && result.row.generation);
    assert.deepEqual(generations, [1, 2]);
    const rows = await mysql.db
      .selectFrom('ingress_config_generation')
      .select('generation')
      .where('id', '=', fault)
      .execute();
    assert.equal(rows.length, 2);
    // Nothing but an answer is written.
    proxy.failNextCommit(fault);
    const equal = await store.set(setCommand(fault, 2, { requestId: `${fault}-equal` }));
    assert.equal(proxy.failed, 2);
    assert(equal.kind === 'ok' && !equal.changed && !equal.replayed);
  });
}

test('what another controller wrote meanwhile is not taken for a batch whose COMMIT was lost', async () => {
  await using proxy = await openCommitProxy(url);
  await using ours = openMysql({ url: proxy.url }, { log });
  await using theirs = openMysql({ url }, { log });
  const [store, other] = [ours, theirs].map((mysql) => new ConfigStore({ mysql }));
  assert(store && other);
  await store.set(setCommand('hedged', 1));
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const blocking = theirs.transaction(async (trx) => {
    await trx
      .selectFrom('ingress_config')
      .where('id', '=', 'hedged')
      .forUpdate()
      .select('id')
      .execute();
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const untilWaiting = async (count: number) => {
    const isSo = async () => {
      const { rows } = await sql<{ waiting: number }>`select count(*) as waiting
        from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`.execute(theirs.db);
      return Number(rows[0]?.waiting) === count;
    };
    // The server renews that table only for who has not read it for 100 ms.
    await eventually(isSo, { timeoutMs: 900, everyMs: 120, what: `${count} waits for the row` });
  };
  // A caller asks both controllers, which wait for the row one behind the other.
  const asked = setCommand('hedged', 2, { requestId: 'hedged' });
  proxy.failNextCommit('lost');
  const batch = Promise.all([store.set(asked), store.set(setCommand('beside', 1))]);
  await untilWaiting(1);
  const hedge = other.set(asked);
  await untilWaiting(2);
  release.resolve();
  await blocking;
  for (const result of [...(await batch), await hedge]) assert.equal(result.kind, 'ok');
  assert.equal(proxy.failed, 1);
  const kept = await theirs.db
    .selectFrom('ingress_config_generation')
    .select(['id', 'generation'])
    .where('id', 'in', ['hedged', 'beside'])
    .orderBy('id')
    .orderBy('generation')
    .execute();
  assert.deepEqual(
    kept.map(({ id, generation }) => `${id} ${generation}`),
    ['beside 1', 'hedged 1', 'hedged 2'],
  );
});

test('a stopped MySQL is answered for in 3 s, and used again when it goes on', async () => {
  await using mysql = openMysql({ url, connectionsMax: 3 }, { log });
  const store = new ConfigStore({ mysql });
  // Open connections, so that the next calls hang in their statements and not in connecting.
  await Promise.all([mysql.ping(), mysql.ping(), mysql.ping()]);
  server.signal('SIGSTOP');
  await hasStopped(server.pid);
  try {
    const calls = Array.from({ length: 8 }, (_, n) => timed(store.set(setCommand(`stop${n}`, 1))));
    const reads = Array.from({ length: 8 }, () => timed(store.get('1', 'stop')));
    const results = await Promise.all([...calls, ...reads]);
    for (const result of results) assertUnavailable(result);
    // And again with no connection open.
    assertUnavailable(await timed(store.set(setCommand('stop', 2))));
  } finally {
    server.signal('SIGCONT');
  }
  await serves(mysql);
  await Promise.all(Array.from({ length: 20 }, () => mysql.ping()));
  assert.equal((await store.set(setCommand('stop', 3))).kind, 'ok');
});

test('a killed MySQL is answered for in 3 s, loses nothing and is used again', async () => {
  await using mysql = openMysql({ url }, { log });
  const store = new ConfigStore({ mysql });
  const acknowledged: number[] = [];
  const stop = new AbortController();
  const write = async (writer: number, value: number) => {
    const result = await store.set(setCommand(`killed${writer}`, value));
    if (result.kind === 'ok') acknowledged[writer] = result.row.generation;
  };
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let value = 0; !stop.signal.aborted; value += 1) {
      const result = await timed(write(writer, value));
      if (result.error !== undefined) assertUnavailable(result);
    }
  });
  await eventually(() => (acknowledged[0] ?? 0) > 5, { timeoutMs: 5_000 });
  await server.kill();
  stop.abort();
  await Promise.all(writers);
  assertUnavailable(await timed(store.set(setCommand('down', 1))));
  assertUnavailable(await timed(mysql.ping()));
  await server.restart();
  await serves(mysql);
  for (const [writer, generation] of acknowledged.entries()) {
    const row = await store.get('1', `killed${writer}`);
    assert.ok((row?.generation ?? 0) >= generation, 'an acknowledged write is lost');
  }
  assert.equal((await store.set(setCommand('down', 1))).kind, 'ok');
});

test('a full pool sheds callers instead of keeping them', async () => {
  await using mysql = openMysql({ url, connectionsMax: 2 }, { log });
  await mysql.ping();
  const held = Array.from({ length: 2 }, () =>
    mysql.transaction(async (trx) => {
      await sql`select sleep(0.7)`.execute(trx);
      await sql`select sleep(0.7)`.execute(trx);
    }),
  );
  const { error, ms } = await timed(mysql.ping());
  assert.ok(error instanceof MysqlBusyError, String(error));
  assert.ok(ms < 1_500);
  await Promise.all(held);
  await mysql.ping();
});

test('a full server sheds callers', async () => {
  await using admin = openMysql({ url, connectionsMax: 1 }, { log });
  const limit = sql<{ n: number }>`select @@max_connections as n`;
  const before = (await limit.execute(admin.db)).rows[0]?.n ?? 151;
  await sql`set global max_connections = 10`.execute(admin.db);
  await using many = openMysql({ url, connectionsMax: 30 }, { log });
  const sleeps = Array.from({ length: 30 }, () => timed(sql`select sleep(0.5)`.execute(many.db)));
  const errors = (await Promise.all(sleeps)).map(({ error }) => error).filter(Boolean);
  assert.ok(errors.length > 0);
  for (const error of errors) assert.ok(error instanceof MysqlBusyError, String(error));
  await sql.raw(`set global max_connections = ${before}`).execute(admin.db);
});

test('a statement that takes too long ends at its deadline and its connection is not reused', async () => {
  await using mysql = openMysql({ url, connectionsMax: 1 }, { log });
  const { error, ms } = await timed(sql`select sleep(5)`.execute(mysql.db));
  assert.ok(error instanceof MysqlUnavailableError, String(error));
  assert.ok(ms < 2_000);
  const { rows } = await sql<{ v: number }>`select 42 as v`.execute(mysql.db);
  assert.equal(rows[0]?.v, 42);
});

test('a lock that is never given up is answered for', async () => {
  await using mysql = openMysql({ url }, { log });
  await using holder = openMysql({ url }, { log });
  const store = new ConfigStore({ mysql });
  await store.set(setCommand('locked', 1));
  const { promise: done, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: onLocked } = Promise.withResolvers<void>();
  const holding = holder.transaction(async (trx) => {
    await trx
      .selectFrom('ingress_config')
      .selectAll()
      .where('id', '=', 'locked')
      .forUpdate()
      .execute();
    onLocked();
    await done;
  });
  await locked;
  const { error } = await timed(store.set(setCommand('locked', 2)));
  assert.ok(error instanceof MysqlBusyError, String(error));
  release();
  await holding;
  assert.equal((await store.set(setCommand('locked', 2))).kind, 'ok');
});

test('a primary that became read-only is left, and its connections with it', async () => {
  await using admin = openMysql({ url }, { log });
  await sql`create user writer identified by 'secret'`.execute(admin.db);
  await sql`grant select, insert, update, delete on faults.* to writer`.execute(admin.db);
  const address = new URL(url);
  address.username = 'writer';
  address.password = 'secret';
  await using mysql = openMysql({ url: address.href, connectionsMax: 2 }, { log });
  const connection = async () => {
    const { rows } = await sql<{ id: number }>`select connection_id() as id`.execute(mysql.db);
    return rows[0]?.id ?? 0;
  };
  const store = new ConfigStore({ mysql });
  const first = await Promise.all([connection(), connection()]);
  await sql`set global read_only = 1`.execute(admin.db);
  try {
    await assert.rejects(store.set(setCommand('read-only', 1)), MysqlReadOnlyError);
  } finally {
    await sql`set global read_only = 0`.execute(admin.db);
  }
  const second = await Promise.all([connection(), connection()]);
  assert.ok(second.every((id) => !first.includes(id)));
  assert.equal((await store.set(setCommand('read-only', 1))).kind, 'ok');
});

test('disposal ends in a second while MySQL is stopped', async () => {
  const mysql = openMysql({ url }, { log });
  await mysql.ping();
  server.signal('SIGSTOP');
  try {
    const { error, ms } = await timed((async () => await mysql[Symbol.asyncDispose]())());
    assert.equal(error, undefined);
    assert.ok(ms < 1_000);
  } finally {
    server.signal('SIGCONT');
  }
});

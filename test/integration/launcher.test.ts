import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { nodeBinary, rootDir, startEtcd, startMysql, startProgram } from '#local';
import { eventually } from '#test/eventually';

const dir = mkdtempSync(join(tmpdir(), 'rollcall-launcher-'));
after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

test('etcd keeps its data over a kill, and loses it only when it is wiped', async () => {
  await using etcd = await startEtcd({ dir: join(dir, 'etcd') });
  await etcd.etcdctl('put', 'a', '1');
  await etcd.kill();
  await etcd.restart();
  assert.match(await etcd.etcdctl('get', 'a'), /^a\n1\n/);
  await etcd.kill();
  await etcd.wipe();
  await etcd.restart();
  assert.equal((await etcd.etcdctl('get', 'a')).trim(), '');
});

test('three members serve on while one of them is dead', async () => {
  await using etcd = await startEtcd({ dir: join(dir, 'etcd3'), members: 3 });
  assert.equal(etcd.endpoints.length, 3);
  await etcd.kill('SIGKILL', 0);
  await eventually(async () => await etcd.etcdctl('put', 'a', '1'), { timeoutMs: 15_000 });
  await etcd.restart(0);
  assert.match(await etcd.etcdctl('get', 'a'), /^a\n1\n/);
});

test('MySQL keeps what was committed over a kill', async () => {
  await using mysql = await startMysql({ dir: join(dir, 'mysql') });
  const url = await mysql.createDatabase('kept');
  const query = async (sql: string) => {
    const connection = await createConnection(url);
    try {
      return (await connection.query(sql))[0];
    } finally {
      await connection.end();
    }
  };
  await query('CREATE TABLE t (a INT) ENGINE=InnoDB');
  await query('INSERT INTO t VALUES (42)');
  await mysql.kill();
  await mysql.restart();
  assert.deepEqual(await query('SELECT a FROM t'), [{ a: 42 }]);
});

test('a program that ends leaves what Node compiled of it to the next start', async () => {
  const start = async (name: string) => {
    const logFile = join(dir, `${name}.log`);
    const args = ['--name', name, '--env', '1', '--state-dir', join(dir, name)];
    await using program = await startProgram({
      program: 'agent',
      args: [...args, '--listen', '127.0.0.1:0', '--etcd-endpoints', '127.0.0.1:1'],
      env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
      logFile,
    });
    await program.stop();
    const told = readFileSync(logFile, 'utf8').split('\n');
    return told.filter((line) => /transpile cache for .*agent\/main\.ts/.test(line)).join();
  };
  await start('first');
  assert.match(await start('second'), /^\[compile cache\] retrieving .*success$/);
});

test('no server outlives a launcher that was killed', async () => {
  const { launcher, pids } = await startLauncher();
  for (const pid of pids) assert.equal(isAlive(pid), true);
  launcher.kill('SIGKILL');
  await eventually(() => pids.every((pid) => !isAlive(pid)), { timeoutMs: 5_000 });
});

/** A process of its own that starts both servers and prints their ids. */
async function startLauncher(): Promise<{ launcher: ChildProcess; pids: number[] }> {
  const script = join(dir, 'launcher.ts');
  const local = JSON.stringify(join(rootDir, 'deploy/local/index.ts'));
  writeFileSync(
    script,
    `import { startEtcd, startMysql } from ${local};
const etcd = await startEtcd({ dir: ${JSON.stringify(join(dir, 'launched/etcd'))} });
const mysql = await startMysql({ dir: ${JSON.stringify(join(dir, 'launched/mysql'))} });
console.log(JSON.stringify([...etcd.pids, mysql.pid]));
setInterval(() => undefined, 1000);
`,
  );
  const launcher = spawn(nodeBinary, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: launcher.stdout })) {
    return { launcher, pids: JSON.parse(line) as number[] };
  }
  throw new Error('the launcher printed nothing');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

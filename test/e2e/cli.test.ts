// The command line as people use it: the real program against a real system.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { stringify } from 'yaml';
import { openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { ingressOf } from '#test/configs';
import { eventually } from '#test/eventually';
import { openSystem, type System } from '#test/system';

const BIN = join(import.meta.dirname, '../../services/cli/bin.mjs');
const EXAMPLES = join(import.meta.dirname, '../../deploy/local/examples');

let system: System;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
  system = await openSystem({ controllers: 2, agents: { '1': 2, '10': 1 } });
});
after(async () => {
  await system[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const variables = () => ({
  ...process.env,
  ROLLCALL_CONTROLLER: system.controllers.map(({ program }) => program.address).join(','),
  ROLLCALL_AGGREGATOR: system.aggregator.program.address,
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const rollcall = async (...args: string[]): Promise<Ran> =>
  await new Promise((resolve) => {
    execFile(BIN, args, { cwd: dir, env: variables() }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

const manifest = async (name: string, ...documents: object[]) => {
  const file = join(dir, `${name}.yaml`);
  await writeFile(file, documents.map((document) => stringify(document)).join('---\n'));
  return file;
};

const named = (name: string, host = `${name}.test`) => {
  const ingress = ingressOf(host) as { metadata: object };
  return { ...ingress, metadata: { name, namespace: 'cli', labels: { team: 'red' } } };
};

test('a folder is applied to several environments, and waited for', async () => {
  const ran = await rollcall('apply', '-f', EXAMPLES, '--env', '1,10', '--wait', '--timeout', '60');
  assert.equal(ran.code, 0, ran.stderr);
  const lines = ran.stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1 + 40);
  assert.equal(lines.filter((line) => / COMPLETE +2\/2 done/.test(line)).length, 20);
  assert.equal(lines.filter((line) => / COMPLETE +1\/1 done/.test(line)).length, 20);
  assert.equal((await system.agent('10/agent-1').files()).size, 20);

  const again = await rollcall('apply', '-f', EXAMPLES, '--env', '1');
  assert.equal(again.stdout.match(/ unchanged /g)?.length, 20);
  const listed = await rollcall('list', '--env', '1', '-l', 'team=commerce', '-o', 'json');
  const { items } = JSON.parse(listed.stdout) as { items: { id: string; labels: object }[] };
  assert.ok(items.length > 0);
  for (const { labels } of items) assert.partialDeepStrictEqual(labels, { team: 'commerce' });
});

test('what was applied is shown, for people and for programs', async () => {
  const file = await manifest('shown', named('shown'));
  assert.equal((await rollcall('apply', '-f', file, '--env', '10', '--wait')).code, 0);
  const json = JSON.parse((await rollcall('get', '10/cli.shown', '-o', 'json')).stdout);
  assert.deepEqual(json.config, named('shown'));
  assert.deepEqual([json.env, json.id, json.generation], ['10', 'cli.shown', 1]);
  const people = await rollcall('get', 'cli.shown', '--env', '10');
  assert.match(people.stdout, /host: shown\.test/);
  const found = await rollcall('list', '--text', 'cli.show', '-o', 'json');
  assert.deepEqual(
    (JSON.parse(found.stdout) as { items: { id: string }[] }).items.map(({ id }) => id),
    ['cli.shown'],
  );
  const two = await rollcall('status', '10/cli.shown', '10/cli.nowhere');
  assert.deepEqual([two.code, / cli\.shown +1 +COMPLETE/.test(two.stdout)], [1, true]);
  assert.match(two.stderr, /1 of 2 are not there\n +10\/cli\.nowhere: there is no config/);
  const status = await rollcall('status', '10/cli.shown', '-o', 'json');
  assert.equal(JSON.parse(status.stdout).items[0].state, 'COMPLETE');
  const envs = await rollcall('envs');
  assert.match(envs.stdout, /^10 +1 +0 +1 +/m);
  assert.match((await rollcall('agents', '--env', '1')).stdout, /^1 +agent-2 +LIVE/m);
  assert.match((await rollcall('controllers')).stdout, /^controller-2 /m);
});

test('an update that overtakes makes a wait on the older generation exit 3', async () => {
  const first = await manifest('old', named('old', 'a.test'));
  const second = await manifest('old', named('old', 'b.test'));
  await rollcall('apply', '-f', first, '--env', '10');
  await writeFile(first, stringify(named('old', 'c.test')));
  await rollcall('apply', '-f', second, '--env', '10', '--wait');
  const ran = await rollcall('wait', '10/cli.old', '--generation', '1', '--timeout', '10');
  assert.equal(ran.code, 3);
  assert.match(ran.stderr, /generation 1 of 10\/cli\.old is not the newest any more/);
});

test('an apply tells its plan, and prunes only what it may, and only when told to', async () => {
  const both = await manifest('kept', named('kept'), named('pruned'));
  const one = ['-f', both, '--env', '1,10', '-l', 'app=prune'];
  const first = await rollcall('apply', ...one);
  assert.match(first.stderr, /^plan: create 4$/m);
  await rollcall('apply', '-f', await manifest('bystander', named('bystander')), '--env', '10');

  await writeFile(both, stringify(named('kept', 'new.test')));
  const dry = await rollcall('apply', ...one, '--prune', '--dry-run', '-o', 'json');
  assert.match(dry.stderr, /^plan: update 2, delete 2$/m);
  const { items } = JSON.parse(dry.stdout) as { items: { env: string; id: string }[] };
  assert.deepEqual(
    items.slice(2).map(({ env, id }) => `${env}/${id}`),
    ['1/cli.pruned', '10/cli.pruned'],
  );
  const asked = await rollcall('apply', ...one, '--prune');
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /would delete 2: nothing was changed\n.*--yes/);
  const without = await rollcall('apply', '-f', both, '--env', '10', '--prune');
  assert.deepEqual([without.code, /--prune needs -l/.test(without.stderr)], [2, true]);

  const done = await rollcall('apply', ...one, '--prune', '--yes', '--wait', '--timeout', '60');
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /^2 updated, 2 deleted$/m);
  assert.match(done.stdout, /^10 +cli\.pruned +2 +DELETED /m);
  const left = await rollcall('list', '--env', '10', '-o', 'json');
  const ids = (JSON.parse(left.stdout) as { items: { id: string }[] }).items.map(({ id }) => id);
  assert.deepEqual(
    ['cli.kept', 'cli.pruned', 'cli.bystander'].map((id) => ids.includes(id)),
    [true, false, true],
  );
});

test('a history is listed, two generations are compared, and one is brought back', async () => {
  const file = await manifest('past', named('past', 'a.test'));
  await rollcall('apply', '-f', file, '--env', '10', '--note', 'first');
  await writeFile(file, stringify(named('past', 'b.test')));
  await rollcall('apply', '-f', file, '--env', '10');

  const listed = await rollcall('history', '10/cli.past');
  assert.match(listed.stdout, /^2 +SET .*\n1 +SET .* first$/m);
  const old = await rollcall('get', '10/cli.past', '--generation', '1', '-o', 'json');
  assert.deepEqual(JSON.parse(old.stdout).config, named('past', 'a.test'));

  const { stdout } = await rollcall('diff', '10/cli.past');
  assert.match(stdout, /^--- 10\/cli\.past generation 1$/m);
  assert.match(stdout, /^- .*host: a\.test\n\+ .*host: b\.test$/m);
  const values = JSON.parse((await rollcall('diff', '10/cli.past', '-o', 'json')).stdout);
  assert.deepEqual(values.changes, [
    { type: 'CHANGED', path: '$.config.spec.rules[0].host', old: 'a.test', new: 'b.test' },
  ]);

  const late = await rollcall('rollback', '10/cli.past', '--to', '1', '--expect', '1');
  assert.equal(late.code, 1);
  assert.match(late.stderr, /is at generation 2; read it again \(ABORTED, GENERATION_CONFLICT\)/);
  const back = await rollcall('rollback', '10/cli.past', '--to', '1', '--wait');
  assert.equal(back.code, 0, back.stderr);
  assert.match(back.stdout, /^10 +cli\.past +3 +COMPLETE /m);
  const again = await rollcall('diff', '10/cli.past', '--from', '1');
  assert.deepEqual([again.stdout, again.stderr], ['', 'nothing differs\n']);
});

test('an agent that cannot apply makes the wait exit 4, with its reason', async () => {
  // A folder stands where the agent wants to write the file.
  const agent = system.agent('10/agent-1');
  await mkdir(join(agent.stateDir, 'configs', 'cli.stuck.json'), { recursive: true });
  const file = await manifest('stuck', named('stuck'));
  const ran = await rollcall('apply', '-f', file, '--env', '10', '--wait', '--timeout', '60');
  assert.equal(ran.code, 4, ran.stderr);
  assert.match(ran.stdout, /agent-1 +FAILED/);
  await rm(join(agent.stateDir, 'configs', 'cli.stuck.json'), { recursive: true });
  await rollcall('delete', '10/cli.stuck');
});

test('a wait that is not over in time exits 5 and says who blocks', async () => {
  const frozen = system.agent('1/agent-2');
  frozen.program.signal('SIGSTOP');
  try {
    const file = await manifest('slow', named('slow'));
    const ran = await rollcall(
      'apply',
      '-f',
      file,
      '--env',
      '1',
      '--wait',
      '--timeout',
      '2',
      '--no-exceptions',
    );
    assert.equal(ran.code, 5, ran.stderr);
    assert.match(ran.stdout, /agent-2 +(NO_REPORT|LOST)/);
    assert.match(ran.stderr, /was not complete in time/);
  } finally {
    frozen.program.signal('SIGCONT');
  }
  assert.equal((await rollcall('wait', '1/cli.slow', '--no-exceptions')).code, 0);
});

test('Ctrl-C ends a wait at once with 130', async () => {
  const child = spawn(BIN, ['wait', '1/cli.slow', '--generation', '99'], { env: variables() });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await eventually(() => stderr.includes('applied'), { timeoutMs: 10_000 });
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 130);
});

test('Ctrl-C ends an apply that still reads its standard input with 130', async () => {
  const child = spawn(BIN, ['apply', '-f', '-', '--env', '1'], { env: variables() });
  // It reads once it takes more than a pipe holds.
  await new Promise<void>((resolve) => child.stdin.write('#'.repeat(1 << 20), () => resolve()));
  child.stdin.on('error', () => undefined);
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 130);
});

test('what became of each config is told when another one cannot be deleted', async () => {
  const file = await manifest('half', named('half'));
  await rollcall('apply', '-f', file, '--env', '10');
  const ran = await rollcall('delete', '10/cli.half', '10/cli.nowhere', '--wait');
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /^10 +cli\.half +2 +DELETED/m);
  assert.match(
    ran.stderr,
    /1 of 2 were deleted\n +10\/cli\.nowhere: .*\(NOT_FOUND, CONFIG_NOT_FOUND\)/,
  );
});

test('a config is set and deleted only at the generation that is expected', async () => {
  const file = await manifest('expected', named('expected'));
  const apply = ['apply', '-f', file, '--env', '10'];
  assert.match((await rollcall(...apply, '--expect', '0')).stdout, / created +1 /);
  await writeFile(file, stringify(named('expected', 'b.test')));
  const late = await rollcall(...apply, '--expect', '0');
  assert.equal(late.code, 1);
  assert.match(late.stderr, /^error: nothing was applied\n/);
  assert.match(
    late.stderr,
    /^ {2}\S+ \(10\/cli\.expected\): .* is at generation 1; .* \(ABORTED, GENERATION_CONFLICT\)$/m,
  );
  assert.match((await rollcall(...apply, '--expect', '1')).stdout, / updated +2 /);
  const kept = await rollcall('delete', '10/cli.expected', '--expect', '1');
  assert.equal(kept.code, 1);
  assert.match(kept.stderr, /^error: .*10\/cli\.expected is at generation 2; /);
  assert.equal((await rollcall('delete', '10/cli.expected', '--expect', '2')).code, 0);
  // What the server says stands alone: who typed a command called no method.
  const gone = await rollcall('get', '10/cli.expected');
  assert.match(gone.stderr, /^error: there is no config \S+ \(NOT_FOUND, CONFIG_NOT_FOUND\)$/m);
});

test('bad input is named by file, document and field, and changes nothing', async () => {
  const bad = await manifest('bad', named('fine'), named('wrong', 'UPPER'));
  const ran = await rollcall('apply', '-f', bad, '--env', '1');
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /bad\.yaml, document 2 \(1\/cli\.wrong\)/);
  assert.match(ran.stderr, /config\.spec\.rules\[0\]\.host: must be/);
  assert.equal((await rollcall('get', '1/cli.fine')).code, 1);
  const inexact = await manifest('inexact');
  await writeFile(inexact, 'n: 12345678901234567890');
  const refused = await rollcall('apply', '-f', inexact, '--id', 'inexact', '--env', '1');
  assert.match(refused.stderr, /the number 12345678901234567890 does not fit a double exactly/);
  const dry = await rollcall(
    'apply',
    '-f',
    await manifest('dry', named('dry')),
    '--env',
    '1',
    '--dry-run',
  );
  assert.match(dry.stdout, /created \(dry run\)/);
  assert.equal(dry.stderr, 'plan: create 1\n');
  const astray = await rollcall(
    'apply',
    '-f',
    await manifest('dry', named('dry')),
    '--env',
    'l',
    '--dry-run',
  );
  assert.match(astray.stderr, /^environment l has no agents$/m);
  assert.match((await rollcall('get', '1/cli.dry')).stderr, /NOT_FOUND/);
});

test('wrong usage exits 2 and says what is right', async () => {
  for (const [args, hint] of [
    [['--nope'], /unknown option/],
    [['get'], /missing required argument/],
    [['apply', '-f', EXAMPLES], /--env a,b, or --all-envs/],
    [['status', '--env', 'UP'], /must be 1 to 63 characters/],
    [['wait', '1/x', '--timeout', 'long'], /must be 0 to 86400 seconds/],
    [['apply', '-f', '/no/such.yaml', '--env', '1'], /\/no\/such\.yaml: does not exist\n.* - for/],
    [['apply', '-f', EXAMPLES, '--env', '1', '--expect', '1'], /one config .* there are 20$/m],
    [['apply', '-f', EXAMPLES, '--env', '1', '--expect', 'x'], /must be a number from 0/],
    [['delete', '1/a', '1/b', '--expect', '1'], /--expect is about one config .* there are 2$/m],
  ] as const) {
    const ran = await rollcall(...args);
    assert.deepEqual([ran.code, ran.stdout], [2, ''], args.join(' '));
    assert.match(ran.stderr, hint);
  }
});

test('every help has an example', async () => {
  const { stdout } = await rollcall('--help');
  assert.match(stdout, /Example: rollcall /);
  const commands = [...stdout.matchAll(/^ {2}([a-z][-a-z]+) .*[a-z]/gm)].map(
    ([, name = '']) => name,
  );
  assert.ok(commands.length > 10, commands.join(' '));
  for (const command of commands.filter((name) => name !== 'help')) {
    const help = await rollcall(command, '--help');
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`Example: rollcall ${command}`), command);
  }
});

test('a server that is not there is named, with the way to name another', async () => {
  const ran = await rollcall('--controller', '127.0.0.1:1', 'list');
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /tried 127\.0\.0\.1:1; --controller HOST:PORT names another/);
  const waited = await rollcall('--aggregator', '127.0.0.1:1', 'wait', '1/x', '--timeout', '3');
  assert.equal(waited.code, 1, 'a server that is not there is no rollout that is slow');
  assert.match(waited.stderr, /tried 127\.0\.0\.1:1; --aggregator HOST:PORT names another/);
});

test('a delete is waited for until it is proven, and a lost agent is named', async () => {
  const file = await manifest('gone', named('gone'));
  await rollcall('apply', '-f', file, '--env', '1', '--wait');
  const deleted = await rollcall('delete', '1/cli.gone', '--wait');
  assert.equal(deleted.code, 0);
  assert.match(deleted.stdout, / DELETED +2\/2 done/);
  const late = await rollcall('wait', '1/cli.gone');
  assert.equal(late.code, 3);
  assert.match(late.stderr, /1\/cli\.gone was deleted/);
  await system.agent('1/agent-2').program.kill();
  const status = await eventually(
    async () => {
      const ran = await rollcall('status', '--env', '1', 'cli.slow');
      return ran.stdout.includes('LOST') && ran;
    },
    { timeoutMs: 20_000 },
  );
  assert.match(status.stdout, /COMPLETE_WITH_EXCEPTIONS +1\/2 done, 1 lost/);
  assert.match(status.stdout, /^ {2}agent-2 +LOST .*since 20/m);

  const explained = await rollcall('explain', '1/cli.slow');
  assert.match(explained.stdout, /every live agent has it in force; others cannot be asked/);
  assert.match(explained.stdout, /receipt: COMPLETED 20.* by \d members/);
  assert.match(explained.stdout, /-> start agent-2 again; .* rollcall decommission 1\/agent-2/);
  assert.match((await rollcall('receipts', '1/cli.gone')).stdout, / DELETED +2 +none /);
  assert.match((await rollcall('decommission', '1/agent-2')).stdout, /agent-2 +decommissioned/);
  assert.match((await rollcall('explain', '1/cli.slow')).stdout, /1\/1 done/);
  assert.match((await rollcall('decommission', '1/agent-1')).stderr, /stop it, and it leaves/);
});

test('what happened is listed, and what happens is told as it happens', async () => {
  const child = spawn(BIN, ['status', '--env', '10', '--watch', '-o', 'json'], {
    env: variables(),
  });
  const told: { id: string; generation: number; state: string }[] = [];
  createInterface(child.stdout).on('line', (line) => {
    told.push(JSON.parse(line) as (typeof told)[number]);
  });
  await eventually(() => told.length >= 20, { timeoutMs: 15_000 });
  const file = await manifest('told', named('told'));
  await rollcall('apply', '-f', file, '--env', '10', '--wait');
  await eventually(() => told.some(({ id, state }) => id === 'cli.told' && state === 'COMPLETE'), {
    timeoutMs: 10_000,
  });
  child.kill('SIGINT');
  assert.equal(await new Promise((resolve) => child.on('exit', resolve)), 130);

  const history = await rollcall('events', '10/cli.told');
  for (const event of ['PUBLISHED', 'APPLIED', 'COMPLETE']) {
    assert.match(history.stdout, new RegExp(` ${event} `));
  }
  assert.match((await rollcall('events', '--agent', '10/agent-1')).stdout, / APPLIED +cli\.told /);
});

test('an environment can ask for more agents than it has', async () => {
  assert.match((await rollcall('set-env', '10', '--min-agents', '2')).stdout, /^10 +2 +1/m);
  const explained = await rollcall('explain', '10/shop.web');
  assert.match(explained.stdout, /NO_AGENTS\n.*too few agents/);
  assert.match(explained.stdout, /-> start agents in environment 10/);
  assert.equal((await rollcall('set-env', '10', '--min-agents', '0')).code, 1);
  assert.equal((await rollcall('set-env', '10', '--min-agents', '1')).code, 0);
});

test('migrate makes the database, and says when there is nothing to do', async () => {
  const url = new URL(system.mysqlUrl);
  url.pathname += '_cli';
  const first = await rollcall('migrate', '--mysql-url', url.href);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /0001-configs/);
  const second = await rollcall('migrate', '--mysql-url', url.href);
  assert.match(second.stdout, /up to date/);
  const wrong = await rollcall('migrate', '--mysql-url', 'nonsense');
  assert.deepEqual([wrong.code, /--mysql-url: must be mysql:/.test(wrong.stderr)], [2, true]);
  await using mysql = openMysql({ url: url.href }, { log: silentLog });
  await sql`drop database ${sql.id(url.pathname.slice(1))}`.execute(mysql.db);
});

test('the program runs on the Node that the machine has', async () => {
  assert.match(await readFile(BIN, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .join(':');
  const code = await new Promise((resolve) => {
    execFile(BIN, ['--version'], { env: { ...process.env, PATH: path } }, (error) => {
      resolve(error?.code ?? 0);
    });
  });
  // Without any Node on the PATH the shebang has nothing to find.
  assert.ok(code === 0 || code === 127, `exit code ${String(code)}`);
});

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chooseContext, contextsOf, flagsWithContext } from './contexts.ts';
import { CliError, EXIT } from './exit-codes.ts';

let dir: string;
let file: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-contexts-'));
  file = join(dir, 'config.yaml');
  await writeFile(
    file,
    `current: lab
contexts:
  lab: {controller: 'lab:1', aggregator: 'lab:2'}
  prod: {controller: 'prod:1,prod:2', tls-ca: /etc/ca.pem}
`,
  );
});
after(async () => await rm(dir, { recursive: true }));

test('the flag names the context, else the variable, else the file', () => {
  const env = { ROLLCALL_CONFIG: file };
  assert.equal(flagsWithContext({}, env).controller, 'lab:1');
  const named = { ...env, ROLLCALL_CONTEXT: 'prod' };
  assert.equal(flagsWithContext({}, named).controller, 'prod:1,prod:2');
  assert.equal(flagsWithContext({}, named).tlsCa, '/etc/ca.pem');
  assert.equal(flagsWithContext({ context: 'lab' }, named).controller, 'lab:1');
});

test('what a flag or a variable says wins over the context', () => {
  const env = { ROLLCALL_CONFIG: file, ROLLCALL_AGGREGATOR: 'other:9' };
  const flags = flagsWithContext({ controller: 'mine:1' }, env);
  assert.equal(flags.controller, 'mine:1');
  assert.equal(flags.aggregator, undefined, 'left to the variable');
});

test('a context that is not there is named with those that are', () => {
  assert.throws(
    () => flagsWithContext({ context: 'test' }, { ROLLCALL_CONFIG: file }),
    (error) =>
      error instanceof CliError &&
      error.code === EXIT.USAGE &&
      /has: lab, prod/.test(error.details.join()),
  );
});

test('no file is no context, and a bad file says what is wrong', async () => {
  assert.deepEqual(flagsWithContext({}, { HOME: dir }), {});
  assert.deepEqual(flagsWithContext({}, {}), {});
  const bad = join(dir, 'bad.yaml');
  await writeFile(bad, 'contexts: {lab: {contoller: x}}');
  assert.throws(
    () => flagsWithContext({}, { ROLLCALL_CONFIG: bad }),
    (error) => error instanceof CliError && /contexts\.lab: .*contoller/.test(error.details.join()),
  );
});

test('choosing a context changes nothing else of the file, behind a link too', async () => {
  const real = join(dir, 'real.yaml');
  const link = join(dir, 'link.yaml');
  const rest =
    " # now\n# mine\ncontexts:\n    lab: {controller: 'lab:1'} # near\n\n    prod: {controller: 'a:1'}\n";
  await writeFile(real, `current: lab${rest}`);
  await chmod(real, 0o600);
  await symlink(real, link);
  const env = { ROLLCALL_CONFIG: link };
  chooseContext(contextsOf({}, env), 'prod');
  assert.equal(await readFile(real, 'utf8'), `current: prod${rest}`);
  assert.equal((await stat(real)).mode & 0o777, 0o600);
  assert.equal(contextsOf({}, env).chosen, 'prod');
  assert.equal(contextsOf({ context: 'lab' }, env).chosen, 'lab');
  assert.throws(() => chooseContext(contextsOf({}, env), 'toString'), /no context toString/);
});

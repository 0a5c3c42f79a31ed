import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash, type Driver, type DriverConfig, type DriverError } from '../driver.ts';
import { openExecDriver, REJECTED_EXIT_CODE } from './exec-driver.ts';
import type { ExecOptions, Step } from './exec-options.ts';

const { signal } = new AbortController();
const config = (content = '{"host":"shop.example"}'): DriverConfig => ({
  ...{ id: 'shop.web', content, generation: 7, digest: 'd7' },
  ...{ traceparent: '', createdAt: '2026-01-01T00:00:00.000Z' },
});

/** A driver whose commands are shell scripts of this test; the driver itself starts no shell. */
async function openPlace(scripts: Partial<Record<Step, string>>, timeoutMs = 5_000) {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-exec-'));
  const argv = (step: Step, text: string) => ['/bin/sh', '-c', text, step, root] as const;
  const commands: ExecOptions['commands'] = {
    apply: argv('apply', scripts.apply ?? 'true'),
    remove: argv('remove', scripts.remove ?? 'true'),
    ...(scripts.check !== undefined && { check: argv('check', scripts.check) }),
    ...(scripts.verify !== undefined && { verify: argv('verify', scripts.verify) }),
    ...(scripts.list !== undefined && { list: argv('list', scripts.list) }),
  };
  const dir = join(root, 'state');
  const driver = await openExecDriver({ dir, commands, timeoutMs });
  return { root, dir, driver, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

async function failure(call: Promise<unknown>): Promise<DriverError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.equal((error as Error | undefined)?.name, 'DriverError', String(error));
  return error as DriverError;
}

async function listed(driver: Driver): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const installed of driver.list(signal)) all.push(installed);
  return all;
}

test('a command gets the content in a file and the rest in variables, and nothing else', async () => {
  await using place = await openPlace({
    apply: 'cat "$ROLLCALL_FILE" > "$1/content"; env > "$1/env"',
  });
  await place.driver.apply(config(), signal);
  assert.equal(await readFile(join(place.root, 'content'), 'utf8'), config().content);
  const env = (await readFile(join(place.root, 'env'), 'utf8')).split('\n');
  const names = env
    .map((line) => line.replace(/=.*/, ''))
    .filter((name) => name.startsWith('ROLLCALL'));
  const told = ['DIGEST', 'FILE', 'GENERATION', 'ID', 'STEP'];
  assert.deepEqual(new Set(names), new Set(told.map((name) => `ROLLCALL_${name}`)));
  assert.ok(env.includes('ROLLCALL_ID=shop.web') && env.includes('ROLLCALL_GENERATION=7'));
  assert.ok(!env.some((line) => line.startsWith('HOME=')), 'the environment of the agent leaks');
  assert.deepEqual(await readdir(join(place.dir, 'offered')), []);
});

test('only the documented exit code of check and apply rejects', async () => {
  const cases = [
    ['check', REJECTED_EXIT_CODE, 'rejected', 'CHECK_REJECTED'],
    ['check', 1, 'retry', 'CHECK_FAILED'],
    ['apply', REJECTED_EXIT_CODE, 'rejected', 'APPLY_REJECTED'],
    ['apply', 70, 'retry', 'APPLY_FAILED'],
    ['remove', REJECTED_EXIT_CODE, 'retry', 'REMOVE_FAILED'],
  ] as const;
  for (const [step, code, outcome, reason] of cases) {
    await using place = await openPlace({ [step]: `exit ${code}` });
    const { driver } = place;
    const call = {
      check: () => driver.validate(config(), signal),
      apply: () => driver.apply(config(), signal),
      remove: () => driver.remove('shop.web', signal),
    }[step];
    const error = await failure(call());
    assert.deepEqual([error.outcome, error.reason], [outcome, reason], `${step} ${code}`);
  }
});

test('a failed apply leaves the record of the older version, a failed removal that of the config', async () => {
  await using place = await openPlace({
    apply: 'test ! -e "$1/broken"',
    remove: 'test ! -e "$1/broken"',
  });
  const { driver } = place;
  await driver.apply(config(), signal);
  await writeFile(join(place.root, 'broken'), '');
  assert.equal((await failure(driver.apply(config('{"v":2}'), signal))).reason, 'APPLY_FAILED');
  assert.equal((await failure(driver.remove('shop.web', signal))).reason, 'REMOVE_FAILED');
  assert.deepEqual(await listed(driver), [{ id: 'shop.web', hash: contentHash(config().content) }]);
  await driver.verify(config(), signal);
});

test('the proof is VERIFIED only when a verify command says so', async () => {
  await using without = await openPlace({});
  await without.driver.apply(config(), signal);
  assert.equal((await without.driver.verify(config(), signal)).level, 'APPLIED');
  await using place = await openPlace({ verify: 'test ! -e "$1/broken"' });
  await place.driver.apply(config(), signal);
  assert.equal((await place.driver.verify(config(), signal)).level, 'VERIFIED');
  await writeFile(join(place.root, 'broken'), '');
  assert.equal((await failure(place.driver.verify(config(), signal))).reason, 'VERIFY_FAILED');
});

test('a command that takes too long is ended with everything that it started', async () => {
  const script = 'trap "" TERM; sleep 60 & echo $! > "$1/pid"; wait; wait';
  await using place = await openPlace({ apply: script }, 300);
  const error = await failure(place.driver.apply(config(), signal));
  assert.deepEqual([error.outcome, error.reason], ['retry', 'APPLY_TIMEOUT']);
  await assertGone(Number(await readFile(join(place.root, 'pid'), 'utf8')));
  assert.deepEqual(await listed(place.driver), []);
});

test('what a command leaves behind in its group ends with it', async () => {
  await using place = await openPlace({ apply: 'sleep 60 & echo $! > "$1/pid"' });
  await place.driver.apply(config(), signal);
  await assertGone(Number(await readFile(join(place.root, 'pid'), 'utf8')));
});

test('an abort ends the command and is rethrown', async () => {
  await using place = await openPlace({ apply: 'sleep 60' });
  const stop = new AbortController();
  const calling = place.driver.apply(config(), stop.signal);
  setImmediate(() => stop.abort(new DOMException('stopping', 'AbortError')));
  await assert.rejects(calling, { name: 'AbortError' });
  assert.deepEqual(await listed(place.driver), []);
});

test('a command that prints without end neither blocks nor fills the memory', async () => {
  await using place = await openPlace({
    apply: 'head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 1',
  });
  const error = await failure(place.driver.apply(config(), signal));
  assert.equal(error.reason, 'APPLY_FAILED');
  assert.ok(error.message.length < 300);
});

test('a message names neither paths nor what is in the config', async () => {
  const script = 'echo "bad host shop.example in $ROLLCALL_FILE:3 near \\"token\\"" >&2; exit 65';
  await using place = await openPlace({ check: script });
  const error = await failure(place.driver.validate(config(), signal));
  assert.equal(error.message, 'the check command refused: bad host … in …:3 near …');
});

test('a program that is not there is named by its code only', async () => {
  await using place = await openPlace({});
  const commands = { apply: ['/nowhere/at-all'], remove: ['/bin/true'] } as const;
  const dir = join(place.root, 'other');
  const driver = await openExecDriver({ dir, commands, timeoutMs: 1_000 });
  const error = await failure(driver.apply(config(), signal));
  assert.equal(error.reason, 'APPLY_NOT_STARTED');
  assert.equal(error.message, 'the apply command could not start: ENOENT');
});

test('a list command tells what is in force, and a broken list is no list', async () => {
  const hash = contentHash('{}');
  await using place = await openPlace({ list: 'cat "$1/list"' });
  const list = (text: string) => writeFile(join(place.root, 'list'), text);
  await list(`a ${hash}\nb ${hash}\n`);
  assert.deepEqual(await listed(place.driver), [
    { id: 'a', hash },
    { id: 'b', hash },
  ]);
  for (const broken of [`a ${hash}\na ${hash}\n`, 'a\n', `../a ${hash}\n`, `a ${hash} b\n`]) {
    await list(broken);
    assert.equal((await failure(listed(place.driver))).reason, 'LIST_UNREADABLE', broken);
  }
  await list('x'.repeat(5_000_000));
  assert.equal((await failure(listed(place.driver))).reason, 'LIST_TOO_LONG');
});

test('ids that lead elsewhere reach no command', async () => {
  await using place = await openPlace({ apply: 'touch "$1/ran"', remove: 'touch "$1/ran"' });
  for (const id of ['../a', 'a/b', '', 'x'.repeat(251)]) {
    const error = await failure(place.driver.apply({ ...config(), id }, signal));
    assert.equal(error.outcome, 'rejected');
    await failure(place.driver.remove(id, signal));
  }
  assert.deepEqual(await readdir(place.root), ['state']);
});

test('what was offered when an agent died is gone with the next one', async () => {
  await using place = await openPlace({});
  const offered = join(place.dir, 'offered');
  await mkdir(offered, { recursive: true });
  await writeFile(join(offered, '1.json'), 'half');
  const commands = { apply: ['/bin/true'], remove: ['/bin/true'] } as const;
  await openExecDriver({ dir: place.dir, commands, timeoutMs: 1_000 });
  assert.deepEqual(await readdir(offered), []);
});

/** A killed process may stay as a zombie where nobody reaps it. */
async function assertGone(pid: number): Promise<void> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  assert.match(stat, /\) [ZX]/, `process ${pid} goes on`);
}

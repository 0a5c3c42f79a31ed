import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openAgentPlace } from '#test/agent-place';
import { eventually } from '#test/eventually';

const place = await openAgentPlace();
after(() => place[Symbol.asyncDispose]());
await place.ready(1, 1);

const soon = { timeoutMs: 5_000 };

/** Commands as files, as an operator has them; a directory takes the place of a proxy. */
async function writeCommands(served: string): Promise<string[]> {
  const scripts = {
    check: 'if grep -q refuse-me "$ROLLCALL_FILE"; then echo "no refuse-me" >&2; exit 65; fi',
    apply: `cp "$ROLLCALL_FILE" ${served}/.new && mv ${served}/.new ${served}/$ROLLCALL_ID`,
    remove: `rm -f ${served}/$ROLLCALL_ID`,
    verify: `cmp -s "$ROLLCALL_FILE" ${served}/$ROLLCALL_ID`,
  };
  await mkdir(served);
  const options = Object.entries(scripts).map(async ([step, script]) => {
    const path = join(place.dir, step);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return ['--driver-option', `${step}=${path}`];
  });
  return ['--driver', 'exec', ...(await Promise.all(options)).flat()];
}

test('commands put configs in force, prove them, refuse one and take it out again', async () => {
  const served = join(place.dir, 'served');
  await place.start('x1', await writeCommands(served));
  const status = (id: string) => place.status(id, 'x1');

  const content = await place.set('good', 1, { host: 'a.example' });
  await place.set('bad', 1, { host: 'refuse-me' });
  await eventually(async () => (await status('good'))?.phase === 'VERIFIED', soon);
  await eventually(async () => (await status('bad'))?.last_attempt?.result === 'rejected', soon);
  assert.equal(await readFile(join(served, 'good'), 'utf8'), content);
  const attempt = (await status('bad'))?.last_attempt;
  assert.equal(attempt?.reason, 'CHECK_REJECTED');
  assert.equal(attempt.message, 'the check command refused: no …');
  assert.equal(attempt.final, true);

  await place.remove('good', 2);
  await eventually(async () => (await status('good'))?.phase === 'REMOVED', soon);
  await assert.rejects(readFile(join(served, 'good')), { code: 'ENOENT' });
});

// Versions that `nginx -t` takes and that cannot serve: what was in force is back, and only the one at
// fault is told so for good.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureNginx, freePort } from '#local';
import {
  config,
  failure,
  ingress,
  openNginxPlace,
  path,
  putUnusableSecret,
} from '#test/nginx-place';

const { signal } = new AbortController();
const HOST = 'shop.example';

async function openDir() {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-rollback-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test('a version that cannot serve is rolled back, and those that came with it are in force', async () => {
  await using secrets = await openDir();
  await putUnusableSecret(join(secrets.dir, 'default', 'unusable'));
  await using place = await openNginxPlace({
    ...{ secrets: secrets.dir, 'listen-tls': `127.0.0.1:${await freePort()}` },
  });
  await using driver = await place.open();
  const good = config('web', ingress({ [HOST]: [path('shop', '/')] }));
  const tls = [{ hosts: [HOST], secretName: 'unusable' }];
  const poisoned = config('web', ingress({ [HOST]: [path('blog', '/')] }, {}, tls));
  const other = config('other', ingress({ 'other.example': [path('blog', '/')] }));
  await driver.apply(good, signal);
  const [error] = await Promise.all([
    failure(driver.apply(poisoned, signal)),
    driver.apply(other, signal),
  ]);
  assert.deepEqual([error.outcome, error.reason], ['rolled_back', 'NOT_SERVED']);
  assert.match(error.message, /shop\.example over TLS/);
  assert.equal(await place.ask(HOST, '/'), 'shop /');
  await driver.verify(good, signal);
  await driver.verify(other, signal);
});

/** An nginx whose `-t` takes everything: the one that serves may be of another build. */
async function openLenientNginx() {
  const { dir, [Symbol.asyncDispose]: dispose } = await openDir();
  const { path: real } = await ensureNginx();
  const binary = join(dir, 'nginx');
  const script = `case "$*" in *" -t"*) exit 0;; esac\nexec -a nginx ${real} "$@"\n`;
  await writeFile(binary, `#!/bin/bash\n${script}`);
  await chmod(binary, 0o755);
  return { binary, [Symbol.asyncDispose]: dispose };
}

test('a version that the running nginx refuses is rolled back, and one beside it is tried again', async () => {
  await using lenient = await openLenientNginx();
  await using place = await openNginxPlace({ binary: lenient.binary });
  await using driver = await place.open();
  const good = config('web', ingress({ [HOST]: [path('shop', '/')] }));
  const refused = config('long', ingress({ 'l.example': [path('blog', `/${'a'.repeat(5_000)}`)] }));
  const other = config('other', ingress({ 'other.example': [path('blog', '/')] }));
  await driver.apply(good, signal);
  const [together] = await Promise.all([
    failure(driver.apply(refused, signal)),
    failure(driver.apply(other, signal)),
  ]);
  assert.deepEqual([together.outcome, together.reason], ['retry', 'RELOAD_TIMEOUT']);
  await driver.verify(good, signal);
  const alone = await failure(driver.apply(refused, signal));
  assert.deepEqual([alone.outcome, alone.reason], ['rolled_back', 'RELOAD_TIMEOUT']);
  await driver.apply(other, signal);
  await driver.verify(other, signal);
  assert.equal(await place.ask(HOST, '/'), 'shop /');
});

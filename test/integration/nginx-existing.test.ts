// An nginx that somebody else runs, with a site of its own, and that includes what the driver writes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureNginx, freePort } from '#local';
import { eventually } from '#test/eventually';
import { ask, config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const { signal } = new AbortController();

/** Its own site answers on `port`; the driver's file is included once it is there. */
async function openForeignNginx() {
  const { path: binary } = await ensureNginx();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-foreign-'));
  const port = await freePort();
  const temporaries = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${kind};`)
    .join(' ');
  const pidFile = join(dir, 'foreign.pid');
  const start = async (include: string) => {
    const lines = [
      `daemon off; pid ${pidFile}; worker_processes 2; events {}`,
      `http { ${temporaries} access_log off; server_tokens off;`,
      `server { listen 127.0.0.1:${port}; return 200 "own site"; } include ${include}; }`,
    ];
    await writeFile(join(dir, 'main.conf'), lines.join('\n'));
    const args = ['-p', dir, '-c', join(dir, 'main.conf'), '-e', 'stderr'];
    const child = spawn(binary, args, { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await eventually(() => ask(port, 'x', '/').catch(() => false as const), { timeoutMs: 10_000 });
    return {
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  };
  return { pidFile, port, start, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test('an existing nginx serves what is in force beside its own site, and is never started or stopped', async () => {
  await using foreign = await openForeignNginx();
  await using place = await openNginxPlace({ 'pid-file': foreign.pidFile });
  const web = config('web', ingress({ 'shop.example': [path('shop', '/')] }));
  const moved = config('web', ingress({ 'shop.example': [path('blog', '/')] }));
  const refused = config('bad', ingress({ 'b.example': [path('shop', `/${'a'.repeat(5_000)}`)] }));
  await mkdir(join(place.root, 'nginx'), { recursive: true });
  {
    await using driver = await place.open();
    const down = await failure(driver.apply(web, signal));
    assert.deepEqual([down.outcome, down.reason], ['retry', 'NGINX_DOWN']);
    await using _nginx = await foreign.start(join(place.root, 'nginx', 'nginx.conf'));
    await driver.apply(web, signal);
    assert.equal((await driver.verify(web, signal)).level, 'VERIFIED');
    assert.equal(await place.ask('shop.example', '/'), 'shop /');
    assert.equal(await ask(foreign.port, 'x', '/'), 'own site');
    await driver.apply(moved, signal);
    await driver.verify(moved, signal);
    assert.equal((await failure(driver.apply(refused, signal))).reason, 'NGINX_REFUSED');
    assert.equal(await place.ask('shop.example', '/'), 'blog /');
  }
  await assert.rejects(ask(foreign.port, 'x', '/'), /ECONN/);
});

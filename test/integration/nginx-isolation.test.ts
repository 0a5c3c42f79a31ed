// What one config may do to others: nothing, whatever becomes of it, also after it was put in force.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { config, failure, ingress, openNginxPlace, path } from '#test/nginx-place';

const { signal } = new AbortController();

test('nobody makes way for an older config that nginx refuses', async () => {
  await using place = await openNginxPlace();
  await using driver = await place.open();
  const told: string[] = [];
  driver.onDisturbed?.((ids) => told.push(...ids));
  const young = config(
    'young',
    ingress({ 'one.example': [path('shop', '/')] }),
    '2026-02-01T00:00:00.000Z',
  );
  await driver.apply(young, signal);
  const paths = [path('blog', '/'), path('blog', `/${'a'.repeat(5_000)}`)];
  const old = config('old', ingress({ 'one.example': paths }));
  assert.equal((await failure(driver.apply(old, signal))).reason, 'NGINX_REFUSED');
  assert.equal(await place.ask('one.example', '/'), 'shop /');
  await driver.verify(young, signal);
  assert.deepEqual(told, []);
});

test('a name that is gone keeps nginx from nothing but its own config, also after a restart', async () => {
  // Longer than a label may be: no server is asked for it.
  const gone = `${'x'.repeat(64)}.example:80`;
  const of = (service: string) => ingress({ [`${service}.example`]: [path(service, '/')] });
  await using place = await openNginxPlace();
  {
    await using driver = await place.open();
    await driver.apply(config('shop', of('shop')), signal);
  }
  process.kill(await place.pid(), 'SIGKILL');
  const lost = JSON.stringify({ routes: [{ host: 'lost.example', backend: gone }] });
  const record = { content: lost, generation: 1, createdAt: '2026-01-01T00:00:00.000Z' };
  await writeFile(join(place.root, 'nginx', 'in-force', 'lost.json'), JSON.stringify(record));
  await using driver = await place.open();
  assert.equal(await place.ask('shop.example', '/'), 'shop /');
  await driver.apply(config('blog', of('blog')), signal);
  assert.equal(await place.ask('blog.example', '/'), 'blog /');
  assert.equal(
    (await failure(driver.apply(config('lost', lost), signal))).reason,
    'BACKEND_UNRESOLVED',
  );
});

test('records that a crash left beside each other for one route are the older one', async () => {
  await using place = await openNginxPlace();
  const of = (service: string) => ingress({ 'one.example': [path(service, '/')] });
  const young = config('young', of('shop'), '2026-02-01T00:00:00.000Z');
  {
    await using driver = await place.open();
    await driver.apply(young, signal);
  }
  process.kill(await place.pid(), 'SIGKILL');
  const { content, generation, createdAt } = config('old', of('blog'));
  const record = JSON.stringify({ content, generation, createdAt });
  await writeFile(join(place.root, 'nginx', 'in-force', 'old.json'), record);
  await using driver = await place.open();
  assert.equal(await place.ask('one.example', '/'), 'blog /');
  assert.match((await failure(driver.apply(young, signal))).message, /old/);
});

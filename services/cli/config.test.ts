import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addressesOf, tlsOf } from './config.ts';
import { CliError, EXIT } from './exit-codes.ts';

let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-endpoints-'));
  await mkdir(join(dir, '.local'));
  await mkdir(join(dir, 'deeper'));
  const endpoints = { controllers: ['127.0.0.1:1', '127.0.0.1:2'], aggregators: ['127.0.0.1:3'] };
  await writeFile(join(dir, '.local', 'endpoints.json'), JSON.stringify(endpoints));
});
after(async () => await rm(dir, { recursive: true }));

test('the flag wins over the variable, that over a local system', () => {
  const cwd = join(dir, 'deeper');
  const env = { ROLLCALL_CONTROLLER: 'b:2' };
  assert.deepEqual(addressesOf('controller', { controller: 'a:1,c:3' }, { env, cwd }), [
    'a:1',
    'c:3',
  ]);
  assert.deepEqual(addressesOf('controller', {}, { env, cwd }), ['b:2']);
  assert.deepEqual(addressesOf('controller', {}, { env: {}, cwd }), ['127.0.0.1:1', '127.0.0.1:2']);
  assert.deepEqual(addressesOf('aggregator', {}, { env, cwd }), ['127.0.0.1:3']);
});

test('a bad address names where it came from', () => {
  const at = { env: { ROLLCALL_AGGREGATOR: 'nonsense' }, cwd: dir };
  assert.throws(
    () => addressesOf('aggregator', {}, at),
    (error) =>
      error instanceof CliError &&
      error.code === EXIT.USAGE &&
      error.message.startsWith('ROLLCALL_AGGREGATOR: '),
  );
});

test('a client certificate needs its key, and a missing file is named', () => {
  const file = join(dir, '.local', 'endpoints.json');
  assert.throws(() => tlsOf({ tlsCert: file }, {}), /--tls-cert and --tls-key go together/);
  assert.throws(() => tlsOf({ tlsCa: join(dir, 'none') }, {}), /--tls-ca .*ENOENT/);
  assert.equal(tlsOf({}, {}), undefined);
  assert.deepEqual(tlsOf({ tls: true }, {}), {});
});

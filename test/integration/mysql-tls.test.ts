import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sql } from 'kysely';
import { MysqlUnavailableError, migrate, openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { makeCertificates } from '#test/certificates';
import { ownMysql } from '#test/servers';

test('speaks TLS to a server of the CA, and to no other', async () => {
  await using files = await makeCertificates();
  await using others = await makeCertificates();
  await using server = await ownMysql({
    tls: { ca: files.ca, cert: files.serverCert, key: files.serverKey },
  });
  const byAddress = server.url('tls');
  const byName = byAddress.replace('127.0.0.1', 'localhost');
  const ca = await readFile(files.ca);
  assert.ok((await migrate({ url: byAddress, tls: { ca } }, log)).includes('0001-configs'));
  for (const url of [byAddress, byName]) {
    await using mysql = openMysql({ url, tls: { ca } }, { log });
    const { rows } = await sql<{ Value: string }>`show status like 'Ssl_cipher'`.execute(mysql.db);
    assert.notEqual(rows[0]?.Value, '');
  }
  await using stranger = openMysql(
    { url: byAddress, tls: { ca: await readFile(others.ca) } },
    { log },
  );
  await assert.rejects(stranger.ping(), MysqlUnavailableError);
});

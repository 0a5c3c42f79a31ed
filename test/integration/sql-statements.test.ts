// Every statement that the programs send, taken by the server at hand and listed for the check that
// keeps them to what MySQL and MariaDB both take. After a change of SQL:
// node --test --test-update-snapshots test/integration/sql-statements.test.ts

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openMysql } from '#libs/mysql';
import { silentLog as log } from '#libs/telemetry';
import { sendEveryStatement } from '#test/every-statement';
import { listenToStatements, type SentStatement } from '#test/sent-statements';
import { openTestDatabase } from '#test/servers';
import { callsOf, formatList } from '../check/statement-list.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIST = join(ROOT, 'test/check/statements.sql');

/** The place of a statement in the list: which of its source's calls sends it. */
function placeOf({ site }: SentStatement): string {
  if (site === undefined) return 'of connections and transactions';
  const [path = '', line] = site.split(':');
  if (line === undefined) return 'of the migrator';
  const call = callsOf(readFileSync(join(ROOT, path), 'utf8')).indexOf(Number(line));
  return call < 0 ? 'of the migrator' : `${path} ${call + 1}`;
}

test('every statement is taken, and is on the list', async (t) => {
  await using database = await openTestDatabase();
  const url = new URL(database.url);
  const [name, missing] = [url.pathname.slice(1), `${url.pathname.slice(1)}_missing`];
  url.pathname = missing;
  using listener = listenToStatements();
  await sendEveryStatement(url.href);
  const listed = listener
    .statements()
    .map((sent) => ({ place: placeOf(sent), sql: sent.sql.replaceAll(missing, 'rollcall') }));
  await using mysql = openMysql({ url: database.url }, { log });
  await sql`drop database ${sql.id(missing)}`.execute(mysql.db);
  assert(!JSON.stringify(listed).includes(name), 'names of this run');
  t.assert.fileSnapshot(formatList(listed), LIST, { serializers: [String] });
});

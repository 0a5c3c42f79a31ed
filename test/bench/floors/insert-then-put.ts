// The least that a durable and published write takes: one insert into MySQL, committed, then one put
// into etcd, in sequence. `insert-then-put.ts MYSQL_URL ETCD`. The table is its own.

import { createPool, type ResultSetHeader } from 'mysql2/promise';
import { contentOf } from './content.ts';
import { openRawEtcd } from './etcd.ts';
import { argument, serveRounds } from './program.ts';

/** As many as a server of 151 connections spares one program; writes beyond them wait for one. */
const CONNECTIONS = 64;

const pool = createPool({ uri: argument(0, 'MYSQL_URL'), connectionLimit: CONNECTIONS });
const etcd = openRawEtcd(argument(1, 'ETCD'));
await pool.query(
  `CREATE TABLE IF NOT EXISTS floor_config
     (env VARCHAR(63), id VARCHAR(253), content MEDIUMTEXT, PRIMARY KEY (env, id)) ENGINE = InnoDB`,
);
let number = 0;

serveRounds(async () => {
  number += 1;
  const id = `config-${number}`;
  const content = contentOf(number);
  await pool.execute<ResultSetHeader>('INSERT INTO floor_config VALUES (?, ?, ?)', [
    'floor',
    id,
    content,
  ]);
  await etcd.put({ key: Buffer.from(`/floor/config/${id}`), value: Buffer.from(content) });
});

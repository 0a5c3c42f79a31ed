// The least that filling an empty etcd from MySQL takes: the rows are read in pages, and each page is put
// in as few transactions as etcd allows, a few at once, while the next one is read. Nothing is listed,
// compared or noted. `rows-to-etcd.ts MYSQL_URL ETCD`; its prefix is emptied before each round.

import { createPool, type RowDataPacket } from 'mysql2/promise';
import { openRawEtcd, PUTS_MAX } from './etcd.ts';
import { argument, serveRounds } from './program.ts';

const PREFIX = '/floor/rows/';
const PAGE_ROWS = 2_000;
const TRANSACTIONS_AT_ONCE = 4;

interface Row extends RowDataPacket {
  readonly env: string;
  readonly id: string;
  readonly content: string;
}

const pool = createPool({ uri: argument(0, 'MYSQL_URL'), connectionLimit: 1 });
const etcd = openRawEtcd(argument(1, 'ETCD'));

serveRounds(
  async () => {
    let publishing = Promise.resolve();
    let after = { env: '', id: '' };
    for (;;) {
      const page = await readPage(after);
      await publishing;
      const last = page.at(-1);
      if (!last) return;
      after = last;
      publishing = publish(page);
    }
  },
  async () => {
    await etcd.deleteAll(PREFIX);
    return () => undefined;
  },
);

async function readPage({ env, id }: { env: string; id: string }): Promise<Row[]> {
  const [rows] = await pool.execute<Row[]>(
    `SELECT env, id, content FROM ingress_config
      WHERE (env, id) > (?, ?) ORDER BY env, id LIMIT ${PAGE_ROWS}`,
    [env, id],
  );
  return rows;
}

async function publish(page: readonly Row[]): Promise<void> {
  const puts = page.map(({ env, id, content }) => ({
    key: Buffer.from(`${PREFIX}${env}/${id}`),
    value: Buffer.from(content),
  }));
  const publishNext = async () => {
    for (let part = puts.splice(0, PUTS_MAX); part.length > 0; part = puts.splice(0, PUTS_MAX)) {
      await etcd.txn(part);
    }
  };
  await Promise.all(Array.from({ length: TRANSACTIONS_AT_ONCE }, publishNext));
}

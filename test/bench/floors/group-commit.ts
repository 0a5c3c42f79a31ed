// The least that many durable and published writes at once take, whoever asks for them: while one
// transaction of MySQL is under way the next batch gathers; a batch is one INSERT, committed, of all its
// rows, then puts in as few transactions of etcd as it allows. Nothing is checked, read, locked or
// remembered, and nothing is told of the publication.

import { createPool } from 'mysql2/promise';
import { openRawEtcd, PUTS_MAX } from './etcd.ts';

/** A config to write. */
export interface Write {
  readonly id: string;
  readonly content: string;
}

interface Waiting extends Write {
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Resolves each write once it is in MySQL and in etcd, in a table and below a prefix named `name`. */
export async function openGroupCommit(
  [mysqlUrl, endpoint]: readonly [string, string],
  name: string,
): Promise<(write: Write) => Promise<void>> {
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 1 });
  const etcd = openRawEtcd(endpoint);
  await pool.query(
    `CREATE TABLE IF NOT EXISTS ${name}
       (env VARCHAR(63), id VARCHAR(253), content MEDIUMTEXT, PRIMARY KEY (env, id))
       ENGINE = InnoDB`,
  );
  let waiting: Waiting[] = [];
  let isCommitting = false;

  const publish = async (batch: readonly Waiting[]) => {
    const puts = batch.map(({ id, content }) => ({
      key: Buffer.from(`/${name}/${id}`),
      value: Buffer.from(content),
    }));
    const starts = Array.from({ length: Math.ceil(puts.length / PUTS_MAX) }, (_, at) => at);
    await Promise.all(
      starts.map(async (at) => {
        const from = at * PUTS_MAX;
        await etcd.txn(puts.slice(from, from + PUTS_MAX));
        for (const { done } of batch.slice(from, from + PUTS_MAX)) done();
      }),
    );
  };

  const commitAll = async () => {
    isCommitting = true;
    // Writes of the same turn share the first batch.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const rows = batch.map(({ id, content }) => ['floor', id, content]);
      const inserted = pool.query(`INSERT INTO ${name} VALUES ?`, [rows]);
      // The next batch waits for MySQL, but not for etcd.
      inserted
        .then(() => publish(batch))
        .catch((error: unknown) => {
          for (const { fail } of batch) fail(error);
        });
      await inserted.catch(() => undefined);
    }
    isCommitting = false;
  };

  return (write) =>
    new Promise((done, fail) => {
      waiting.push({ ...write, done, fail });
      if (!isCommitting) void commitAll();
    });
}

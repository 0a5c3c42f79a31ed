// The simplest algorithm from end to end: insert, put, N watchers that write a status key each and
// register anew every other second under a new lease, and a caller who compares the list of agents with
// that of the statuses once a second. `poll-until-all.ts MYSQL_URL ETCD N`.

import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from 'mysql2/promise';
import { BareAgents } from './bare-agents.ts';
import { contentOf } from './content.ts';
import { openRawEtcd } from './etcd.ts';
import { argument, serveRounds } from './program.ts';

const POLL_MS = 1_000;

const pool = createPool({ uri: argument(0, 'MYSQL_URL'), connectionLimit: 1 });
const endpoint = argument(1, 'ETCD');
const count = Number(argument(2, 'N'));
const agents = new BareAgents(endpoint, '/floor/polled/', count);
const etcd = openRawEtcd(endpoint);
await agents.watch();
await pool.query(
  `CREATE TABLE IF NOT EXISTS baseline_config
     (id VARCHAR(253), content MEDIUMTEXT, PRIMARY KEY (id)) ENGINE = InnoDB`,
);
let number = 0;

async function isComplete(id: string): Promise<boolean> {
  const registered = await etcd.list(agents.registrations);
  const reported = new Set(await etcd.list(agents.statuses(id)));
  return registered.length === count && registered.every((agent) => reported.has(agent));
}

serveRounds(
  async () => {
    number += 1;
    const id = `config-${number}`;
    const content = contentOf(number);
    await pool.execute('INSERT INTO baseline_config VALUES (?, ?)', [id, content]);
    await etcd.put({ key: Buffer.from(`${agents.configs}${id}`), value: Buffer.from(content) });
    // The caller's clock knows nothing of the write.
    await delay(Math.random() * POLL_MS);
    while (!(await isComplete(id))) {
      agents.check();
      await delay(POLL_MS);
    }
  },
  () => agents.beat(),
);

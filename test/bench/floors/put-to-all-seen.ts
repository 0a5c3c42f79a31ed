// The least between a write and knowing that all have it: one put, N watchers, N status keys, and one
// observer whose watch has shown all of them. `put-to-all-seen.ts ETCD N`.

import { BareAgents } from './bare-agents.ts';
import { contentOf } from './content.ts';
import { endOf, openRawEtcd, type WatchAnswer } from './etcd.ts';
import { argument, serveRounds } from './program.ts';

const endpoint = argument(0, 'ETCD');
const count = Number(argument(1, 'N'));
const agents = new BareAgents(endpoint, '/floor/all-seen/', count);
await agents.watch();

const etcd = openRawEtcd(endpoint);
let number = 0;
let prefix = '';
let seen = 0;
let allSeen = () => {};
const observer = etcd.watch();
observer.on('data', ({ events = [] }: WatchAnswer) => {
  for (const { kv } of events) if (kv?.key.toString().startsWith(prefix)) seen += 1;
  if (seen === count) allSeen();
});
observer.write({
  createRequest: {
    key: Buffer.from('/floor/all-seen/status/'),
    rangeEnd: endOf('/floor/all-seen/status/'),
  },
});

serveRounds(async () => {
  number += 1;
  const id = `config-${number}`;
  prefix = agents.statuses(id);
  seen = 0;
  const done = new Promise<void>((resolve) => {
    allSeen = resolve;
  });
  await etcd.put({
    key: Buffer.from(`${agents.configs}${id}`),
    value: Buffer.from(contentOf(number)),
  });
  await done;
  agents.check();
});

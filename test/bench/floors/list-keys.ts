// The least that taking in everything below a prefix takes: pages of so many keys at one revision, of
// which nothing is kept but how many there were, and no page crosses one of the cuts, which are in order.
// `list-keys.ts ETCD PREFIX PAGE_KEYS CUT...`; says that it serves when it is through, and stays as it is.

import { openRawEtcd } from './etcd.ts';
import { argument } from './program.ts';

const prefix = argument(1, 'PREFIX');
const limit = Number(argument(2, 'PAGE_KEYS'));
let keys = 0;
const etcd = openRawEtcd(argument(0, 'ETCD'));
for await (const page of etcd.pages(prefix, limit, process.argv.slice(5))) keys += page.length;
process.stdout.write(`${JSON.stringify({ msg: 'serving', keys })}\n`);
setInterval(() => undefined, 2 ** 30);

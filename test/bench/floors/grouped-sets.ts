// The floor of many Sets at once: the group commit alone, without a gRPC call in front of it, because how
// a write arrives is a program's own choice. `grouped-sets.ts MYSQL_URL ETCD`.

import { contentOf } from './content.ts';
import { openGroupCommit } from './group-commit.ts';
import { argument, serveRounds } from './program.ts';

const servers = [argument(0, 'MYSQL_URL'), argument(1, 'ETCD')] as const;
const write = await openGroupCommit(servers, 'floor_group');
let number = 0;

serveRounds(async () => {
  number += 1;
  await write({ id: `config-${number}`, content: contentOf(number) });
});

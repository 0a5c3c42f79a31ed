// The order in which generations were committed. The counter's row is the last that a transaction locks,
// and it stays locked until the commit: whoever sees a number sees all that is below it, so that a
// reader who goes on from a number misses nothing. An AUTO_INCREMENT would be given out in another order
// than transactions commit.

import { type Kysely, sql } from 'kysely';
import type { RollcallSchema } from '#libs/mysql';

/** Counts this transaction among those that make generations. All other rows are locked before. */
export async function countChange(trx: Kysely<RollcallSchema>): Promise<void> {
  await trx
    .updateTable('change_counter')
    .set({ value: sql`value + 1` })
    .where('id', '=', 1)
    .execute();
}

/** The number of this transaction, once it is counted. */
export const countedChange = sql<number>`(select value from change_counter where id = 1)`;

// The order in which generations were committed. The counter's row is the last that a transaction locks,
// and it stays locked until the commit: whoever sees a number sees all that is below it, so that a
// reader who goes on from a number misses nothing. An AUTO_INCREMENT would be given out in another order
// than transactions commit.

import { type Kysely, sql } from 'kysely';
import type { RollcallSchema } from '#libs/mysql';

/**
 * Counts this transaction among those that make generations, and resolves with its number. All other rows
 * are locked before.
 */
export async function countChange(trx: Kysely<RollcallSchema>): Promise<number> {
  // The answer carries it, as if a row had been inserted: nothing is read afterwards.
  const { insertId = 0n } = await sql`
    update change_counter set value = last_insert_id(value + 1) where id = 1`.execute(trx);
  if (insertId === 0n) throw new Error('change_counter has no row');
  return Number(insertId);
}

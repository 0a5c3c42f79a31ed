import { type Insertable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { RollcallSchema } from '#libs/mysql';

/**
 * Inserts rows that have the same columns, at least one. Each row is one parameter, which the driver
 * writes as a list: Kysely would build a tree of nodes for each value. `otherwise` ends the statement.
 */
export async function insertRows<T extends keyof RollcallSchema>(
  db: Kysely<RollcallSchema>,
  table: T,
  rows: readonly Insertable<RollcallSchema[T]>[],
  otherwise: RawBuilder<unknown> = sql``,
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}) as (keyof Insertable<RollcallSchema[T]> & string)[];
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const values = sql.join(rows.map((row) => sql`(${columns.map((name) => row[name])})`));
  await sql`insert into ${sql.table(table)} (${names}) values ${values} ${otherwise}`.execute(db);
}

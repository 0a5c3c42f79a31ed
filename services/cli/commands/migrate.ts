import { readFileSync } from 'node:fs';
import { migrate } from '#libs/mysql';
import { createLogger } from '#libs/telemetry';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** Brings the tables up to date; creates the database when it is missing. Safe to run again. */
export async function migrateTables(
  { print }: CommandContext,
  { mysqlUrl, mysqlCa }: { mysqlUrl: string; mysqlCa?: string },
): Promise<ExitCode> {
  const log = createLogger({ service: 'cli', name: 'migrate', level: 'silent' });
  const ca = mysqlCa === undefined ? {} : { ca: readFileSync(mysqlCa) };
  const done = await migrate({ url: mysqlUrl, ...ca }, log);
  const entries = done.map((name) => ({ plain: { migration: name }, row: [name] }));
  print.list(['MIGRATION'], entries, 'the tables are up to date');
  return EXIT.DONE;
}

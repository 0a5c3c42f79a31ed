import { readFileSync } from 'node:fs';
import { mysqlSettings, readableFile } from '#libs/config';
import { migrate } from '#libs/mysql';
import { createLogger } from '#libs/telemetry';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../refs.ts';

/** Brings the tables up to date; creates the database when it is missing. Safe to run again. */
export async function migrateTables(
  { print }: CommandContext,
  { mysqlUrl, mysqlCa }: { mysqlUrl: string; mysqlCa?: string },
): Promise<ExitCode> {
  const log = createLogger({ service: 'cli', name: 'migrate', level: 'silent' });
  const url = parsed('--mysql-url', mysqlSettings.mysqlUrl.parse, mysqlUrl);
  const ca = mysqlCa && readFileSync(parsed('--mysql-ca', readableFile, mysqlCa));
  const done = await migrate({ url, ...(ca && { tls: { ca } }) }, log);
  const entries = done.map((name) => ({ plain: { migration: name }, row: [name] }));
  print.list(['MIGRATION'], entries, 'the tables are up to date');
  return EXIT.DONE;
}

function parsed<T>(flag: string, parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw usage(`${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

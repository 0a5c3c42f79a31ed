import { join, relative } from 'node:path';
import { mock } from 'node:test';
import { MysqlQueryCompiler } from 'kysely';
import { Connection } from 'mysql2';

const ROOT = join(import.meta.dirname, '../..');
/** The first frame of ours, below those of the query builder. */
const OUR_FRAME =
  /\(?(?:file:\/\/)?(\/[^()]*?\/(?:libs|services|test)\/[^():]+\.ts):(\d+):\d+\)?$/m;
/** Frames between a statement and the source that sends it. */
const FRAMES_MAX = 40;

/** A text that was given to the driver, values apart. */
export interface SentStatement {
  readonly sql: string;
  /** Where it was built, as `path:line`; undefined: by the pool, for a connection or a transaction. */
  readonly site: string | undefined;
}

/** What this process sends to MySQL from now on, whichever pool it uses. Disposal stops listening. */
export interface Listener extends Disposable {
  /** Each text once a site, without those that a test builds. */
  statements(): SentStatement[];
}

/** Listens at the query builder, which knows the site, and at the driver, which misses nothing. */
export function listenToStatements(): Listener {
  const sites = new Map<string, Set<string>>();
  const sent = new Set<string>();
  // oxlint-disable-next-line typescript/unbound-method -- called with the receiver of the call
  const { compileQuery } = MysqlQueryCompiler.prototype;
  // oxlint-disable-next-line typescript/unbound-method -- as above
  const { query } = Connection.prototype;
  const builder = mock.method(
    MysqlQueryCompiler.prototype,
    'compileQuery',
    function (this: MysqlQueryCompiler, ...args: Parameters<typeof compileQuery>) {
      const compiled = compileQuery.apply(this, args);
      const of = sites.get(compiled.sql) ?? new Set();
      sites.set(compiled.sql, of.add(callSite()));
      return compiled;
    },
  );
  const driver = mock.method(
    Connection.prototype,
    'query',
    function (this: unknown, ...args: unknown[]) {
      const [first] = args;
      sent.add(typeof first === 'string' ? first : (first as { sql: string }).sql);
      return Reflect.apply(query, this, args) as unknown;
    },
  );
  const statements = () =>
    [...sent].flatMap((sql) =>
      [...(sites.get(sql) ?? [undefined])]
        .filter((site) => !site?.startsWith('test/'))
        .map((site) => ({ sql, site })),
    );
  return {
    statements,
    [Symbol.dispose]: () => {
      builder.mock.restore();
      driver.mock.restore();
    },
  };
}

function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES_MAX;
  const frames = (new Error('here').stack ?? '').split('\n');
  Error.stackTraceLimit = stackTraceLimit;
  const others = frames.filter((frame) => !frame.includes(import.meta.filename));
  const [, path, line] = OUR_FRAME.exec(others.join('\n')) ?? [];
  return path === undefined ? 'unknown' : `${relative(ROOT, path)}:${line}`;
}

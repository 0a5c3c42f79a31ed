import { type ConfigRow, refKey } from '../domain/config-row.ts';
import { countRows, type Listed, planReconcile, type RowCounts } from '../domain/reconcile-plan.ts';
import type { PublishAllOptions, Publisher } from '../publish/publisher.ts';
import type { RowSource } from './reconcile-ports.ts';

/** Rows of a page: two transactions of 120. Each holds a config of up to 256 KiB. */
const PAGE_ROWS = 240;
/** Budget of one row's publication; the calls in it have shorter ones. */
const PUBLISH_TIMEOUT_MS = 10_000;

export interface RowPassDeps {
  rows: RowSource;
  publisher: Pick<Publisher, 'publishAll' | 'noteStanding'>;
  nowMs: () => number;
}

export interface RowPassResult {
  counts: RowCounts;
  /** Every row of MySQL, by `refKey`. */
  known: Set<string>;
  /** Deletes to publish, without their content: they wait until the counts have been judged. */
  deletes: ConfigRow[];
  published: number;
  /** Rows that could not be published. */
  pending: number;
}

/**
 * Walks all rows of MySQL and publishes the live ones that etcd lacks. The rows must be read after
 * `listed`: reversed, a config written in between would look unknown to MySQL.
 */
export async function passRows(
  deps: RowPassDeps,
  epoch: number,
  listed: Listed,
  signal: AbortSignal,
): Promise<RowPassResult> {
  const { rows, publisher, nowMs } = deps;
  const result: RowPassResult = {
    counts: { live: 0, deletedSince: 0, total: 0 },
    known: new Set(),
    deletes: [],
    published: 0,
    pending: 0,
  };
  let publishing: Promise<void> = Promise.resolve();
  let after: ConfigRow | undefined;
  do {
    const page = await rows.scan(after, PAGE_ROWS);
    after = page.length === PAGE_ROWS ? page.at(-1) : undefined;
    for (const row of page) result.known.add(refKey(row));
    result.counts = countRows(result.counts, page, nowMs());
    const due = planReconcile(page, listed, nowMs());
    const isDue = new Set(due);
    publisher.noteStanding(
      page.filter((row) => !isDue.has(row)),
      epoch,
    );
    for (const row of due) if (row.deleted) result.deletes.push({ ...row, content: '' });
    await publishing;
    // The next page is read while this one is published.
    const live = due.filter((row) => !row.deleted);
    const intoEmpty = !page.some((row) => listed.has(refKey(row)));
    publishing = publishRows(publisher, live, result, { epoch, signal, intoEmpty });
    publishing.catch(() => undefined);
  } while (after);
  await publishing;
  return result;
}

/** Publishes `rows`, a page at a time, and counts what came of it into `result`. */
export async function publishRows(
  publisher: Pick<Publisher, 'publishAll'>,
  rows: readonly ConfigRow[],
  result: Pick<RowPassResult, 'published' | 'pending'>,
  options: Omit<PublishAllOptions, 'timeoutMs'>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += PAGE_ROWS) {
    const page = rows.slice(from, from + PAGE_ROWS);
    const timeoutMs = PUBLISH_TIMEOUT_MS;
    const published = await publisher.publishAll(page, { ...options, timeoutMs });
    result.published += published;
    result.pending += page.length - published;
  }
}

import { outOfRange } from '#libs/grpc';
import { type ConfigRef, refKey } from '../domain/config-row.ts';
import type { Change, ChangePlace, ChangeStore } from '../store/change-store.ts';
import type { ConfigRecord, ConfigStore } from '../store/config-store.ts';
import type { ChangeHead } from './change-head.ts';

/** Rows of one read without contents, and with them: at most 4 MiB are held for a caller. */
const PAGE_ROWS = 500;
const CONTENT_PAGE_ROWS = 15;

export interface FeedDeps {
  store: Pick<ConfigStore, 'list'>;
  changes: Pick<ChangeStore, 'newest' | 'list' | 'has'>;
  head: Pick<ChangeHead, 'waitBehind'>;
}

export interface FeedQuery {
  /** Undefined: all environments. */
  readonly env: string | undefined;
  readonly withContent: boolean;
}

/** What a feed tells. `place` is where to go on behind it. */
export type FeedEvent =
  | { readonly kind: 'listed'; readonly row: ConfigRecord }
  | { readonly kind: 'changed'; readonly change: Change; readonly isOld: boolean }
  | { readonly kind: 'synced'; readonly place: ChangePlace | undefined };

/**
 * The live configs, `synced`, then every generation in the order of commits; with `after` only those
 * behind it. Reads on only when it is asked for more, and holds one page. Never ends by itself; throws
 * MysqlErrors, the signal's reason, or OUT_OF_RANGE when the history has lost the place to go on from.
 */
export async function* configFeed(
  deps: FeedDeps,
  query: FeedQuery & { readonly resume: boolean; readonly after: ChangePlace | undefined },
  signal: AbortSignal,
): AsyncGenerator<FeedEvent> {
  // Of what is listed, changes up to then are told by the list already.
  const listed = new Map<string, number>();
  let place = query.after;
  if (!query.resume) {
    place = await deps.changes.newest();
    for await (const row of snapshotOf(deps.store, query, signal)) {
      listed.set(refKey(row), row.generation);
      yield { kind: 'listed', row };
    }
  }
  for (let synced = false; ; synced = true) {
    await requirePlace(deps.changes, place);
    for await (const step of catchUp(deps.changes, query, place, signal)) {
      place = step.place;
      if (!step.change) continue;
      const { record } = step.change;
      const isTold = record.generation <= (listed.get(refKey(record)) ?? 0);
      if (!isTold) yield { kind: 'changed', change: step.change, isOld: !synced && !query.resume };
    }
    listed.clear();
    if (!synced) yield { kind: 'synced', place };
    await deps.head.waitBehind(place, signal);
  }
}

/** A place that is gone was never committed, or is no more: what came behind it cannot be told. */
async function requirePlace(
  changes: FeedDeps['changes'],
  place: ChangePlace | undefined,
): Promise<void> {
  if (!place || (await changes.has(place))) return;
  throw outOfRange(
    'RESUME_TOKEN_TOO_OLD',
    'the history does not have the place of resume_token any more; start again without it',
  );
}

async function* snapshotOf(
  store: FeedDeps['store'],
  { env, withContent }: FeedQuery,
  signal: AbortSignal,
): AsyncGenerator<ConfigRecord> {
  const limit = withContent ? CONTENT_PAGE_ROWS : PAGE_ROWS;
  let after: ConfigRef | undefined;
  for (;;) {
    signal.throwIfAborted();
    const rows = await store.list({ env, after, limit });
    yield* rows;
    after = rows.at(-1);
    if (rows.length < limit) return;
  }
}

/** What was committed until now, and at its end a step without a change. */
async function* catchUp(
  changes: FeedDeps['changes'],
  { env, withContent }: FeedQuery,
  from: ChangePlace | undefined,
  signal: AbortSignal,
): AsyncGenerator<{ place: ChangePlace | undefined; change?: Change }> {
  const limit = withContent ? CONTENT_PAGE_ROWS : PAGE_ROWS;
  const until = await changes.newest();
  if (!until) return;
  let after = from;
  for (;;) {
    signal.throwIfAborted();
    const page = await changes.list({ env, after, until, withContent, limit });
    for (const change of page) yield { place: change.place, change };
    after = page.at(-1)?.place;
    if (page.length < limit) break;
  }
  // What other environments had is behind us as well.
  yield { place: until };
}

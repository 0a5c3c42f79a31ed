import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigRow } from '../domain/config-row.ts';
import type { ListedConfig } from '../domain/reconcile-plan.ts';
import { passRows } from './row-pass.ts';

const ROWS = Array.from(
  { length: 1_000 },
  (_, at): ConfigRow => ({
    ...{ env: '1', id: `config-${String(at).padStart(4, '0')}`, generation: 1, digest: 'd' },
    ...{ publishedEpoch: 1, publishedGeneration: 1, content: '{}', labels: {}, traceparent: '' },
    ...{ completionPolicy: 'APPLIED', deleted: false },
    ...{ acceptedAt: new Date(0), createdAt: new Date(0) },
  }),
);

test('what is left of a rebuild that was cut short is filled, too', async () => {
  const standing = ROWS.slice(0, 100).map(({ env, id }): [string, ListedConfig] => [
    `${env}/${id}`,
    { config: { generation: 1, digest: 'd' } },
  ]);
  const published = { filled: 0, guarded: 0 };
  await passRows(
    {
      rows: {
        scan: async (after, limit) =>
          ROWS.filter(({ id }) => id > (after?.id ?? '')).slice(0, limit),
        liftRows: async () => 0,
      },
      publisher: {
        publishAll: async (rows, { intoEmpty }) => {
          published[intoEmpty ? 'filled' : 'guarded'] += rows.length;
          return rows.length;
        },
        noteStanding: () => undefined,
      },
      nowMs: () => 0,
    },
    2,
    new Map(standing),
    new AbortController().signal,
  );
  assert.equal(published.filled + published.guarded, 900);
  assert.ok(published.guarded < 240, `${published.guarded} rows were guarded one by one`);
});

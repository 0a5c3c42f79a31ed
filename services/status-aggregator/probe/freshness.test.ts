import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Freshness } from './freshness.ts';

const LIMIT_MS = 1_000;

/** A watch that came up at 0 and was proven at once. */
function openFreshness(): Freshness {
  const freshness = new Freshness({ limitMs: LIMIT_MS });
  freshness.connected(true, 0);
  freshness.answered({ revision: 10n, sentAtMs: 1 });
  freshness.seen(10n, 5);
  return freshness;
}

test('a beat that the watch shows proves the view as of its sending', () => {
  const freshness = openFreshness();
  assert.equal(freshness.unknownReason(1_001), undefined);
  assert.match(freshness.unknownReason(1_002) ?? '', /shows nothing of the last 1001 ms/);
  assert.equal(freshness.lagMs(10), 4);
});

test('without space for a put, a read whose revision is shown proves the view', () => {
  const freshness = openFreshness();
  freshness.listed(20n);
  freshness.read({ revision: 20n, sentAtMs: 2_000 }, 2_010);
  assert.equal(freshness.unknownReason(2_500), undefined);
  freshness.read({ revision: 25n, sentAtMs: 4_000 }, 4_010);
  assert.ok(freshness.unknownReason(4_020));
  freshness.shown(24n, 4_030);
  assert.ok(freshness.unknownReason(4_040));
  freshness.shown(25n, 4_050);
  assert.equal(freshness.unknownReason(4_060), undefined);
});

test('a read of an etcd that went back proves nothing', () => {
  const freshness = openFreshness();
  freshness.listed(20n);
  freshness.read({ revision: 19n, sentAtMs: 2_000 }, 2_010);
  assert.ok(freshness.unknownReason(2_020));
});

test('who needs the view of a moment hears of the first proof from after it', async () => {
  const freshness = openFreshness();
  const stop = new AbortController();
  await freshness.provenSince(1, stop.signal);
  const waiting = freshness.provenSince(100, stop.signal);
  const isProven = async () => {
    const turn = Promise.withResolvers<false>();
    setImmediate(() => turn.resolve(false));
    return await Promise.race([waiting.then(() => true), turn.promise]);
  };
  freshness.answered({ revision: 11n, sentAtMs: 99 });
  freshness.seen(11n, 120);
  assert.equal(await isProven(), false);
  freshness.answered({ revision: 12n, sentAtMs: 100 });
  freshness.seen(12n, 130);
  assert.equal(await isProven(), true);
  const tooLate = freshness.provenSince(500, stop.signal);
  stop.abort();
  await assert.rejects(tooLate);
});

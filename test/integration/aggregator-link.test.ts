// An aggregator behind a broken link, while the world goes on without it: what it saw last is not
// what it says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AggregatorPlace,
  BLIND_AFTER_MS,
  openAggregatorPlace,
  stateOf,
} from '#test/aggregator-place';
import type { KeysAgent } from '#test/keys-agent';
import { openTcpProxy, type TcpProxy } from '#test/tcp-proxy';

/** An answer on its way, and a busy machine. */
const SLACK_MS = 1_500;

let place: AggregatorPlace;
let proxy: TcpProxy;
let agent: KeysAgent;
let generation = 0;
before(async () => {
  place = await openAggregatorPlace({ aggregator: false });
  proxy = await openTcpProxy(place.etcd.endpoints[0] ?? '');
  await place.startAggregator('aggregator-1', { etcdEndpoints: [proxy.address] });
  agent = await place.join('a');
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const faults: [string, () => void][] = [
  ['takes no answers', () => proxy.pause('down')],
  ['takes no requests', () => proxy.pause('up')],
  ['is a black hole', () => proxy.pause('both')],
  [
    'is cut, and nobody behind it answers',
    () => {
      proxy.swallow();
      proxy.cut();
    },
  ],
  [
    'is cut, and nobody is behind it',
    () => {
      proxy.refuse();
      proxy.cut();
    },
  ],
  ['is slower than two beats', () => proxy.delay(2 * BLIND_AFTER_MS)],
];

for (const [name, breakLink] of faults) {
  test(`the link ${name}: what is over is not called complete`, async () => {
    generation += 1;
    await place.set('web', generation);
    await agent.report('web', generation);
    const before = await place.untilState('web', 'COMPLETE');
    assert.equal(before.generation, generation);
    const stop = place.record('web');
    breakLink();
    const brokenAtMs = performance.now();
    // MySQL does not say it, so that only the view can.
    await place.publish('web', generation + 1);
    await delay(3 * BLIND_AFTER_MS);
    const recorded = await stop();
    const late = recorded.filter(({ atMs }) => atMs > brokenAtMs + BLIND_AFTER_MS + SLACK_MS);
    assert.ok(late.length > 0);
    for (const { answer } of late) assert.equal(stateOf(answer), 'UNKNOWN');

    const stopAfter = place.record('web');
    proxy.delay(0);
    proxy.resume();
    await place.untilState('web', 'PROGRESSING');
    generation += 1;
    const after = await stopAfter();
    assert.equal(
      after.some(({ answer }) => stateOf(answer) === 'COMPLETE'),
      false,
    );
    await agent.report('web', generation);
    assert.equal((await place.untilState('web', 'COMPLETE')).generation, generation);
  });
}

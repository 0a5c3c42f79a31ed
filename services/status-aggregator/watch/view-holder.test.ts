import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyValue, WatchEvent } from '#libs/etcd';
import { situationOf } from '../domain/completion.ts';
import { a, b, bothJoined, KNOWN, REF } from '../domain/testing/completion-case.ts';
import { Story } from '../domain/testing/story.ts';
import { ViewHolder } from './view-holder.ts';

test('what holds at one revision only is shown, although one message brings the next as well', () => {
  const story = bothJoined(new Story().ready()).config('1', 'web', 1).report(a, 'web', 1);
  const shown: unknown[] = [];
  const listener = {
    listed: () => undefined,
    connected: () => undefined,
    shown: () => undefined,
    ownKeySeen: () => undefined,
    changed: () => {
      const { state, generation } = situationOf(holder.view, REF, KNOWN) ?? {};
      shown.push([holder.view.revision, state, generation]);
    },
  };
  const clock = { now: () => 1 };
  const holder: ViewHolder = new ViewHolder({ ownKey: 'none', clock, listener });
  const list = holder.begin();
  list.page(story.list() as unknown as KeyValue[]);
  list.commit(story.revision);
  const listedAt = story.revision;
  story.take();
  story.report(b, 'web', 1).config('1', 'web', 2);
  holder.events(story.take() as readonly WatchEvent[], story.revision);
  assert.deepEqual(shown, [
    [listedAt + 1n, 'COMPLETE', 1],
    [listedAt + 2n, 'PROGRESSING', 2],
  ]);
});

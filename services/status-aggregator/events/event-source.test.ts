import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregatorKey, controllerKey, rosterKey } from '#libs/keyspace';
import { a, b, bothDone, bothJoined } from '../domain/testing/completion-case.ts';
import { failedAttempt, Story } from '../domain/testing/story.ts';
import { View } from '../domain/view.ts';
import { EventSource } from './event-source.ts';
import type { Observed } from './history-event.ts';

/** A view that follows a story, and what is told of it. */
class Watched {
  readonly story: Story;
  readonly #told: Observed[] = [];
  /** etcd has lost history, until the epoch of this view is another one. */
  lostIn: number | undefined;
  readonly #source = new EventSource({
    sink: (observed) => this.#told.push(observed),
    isInDoubt: ({ epoch }) => this.lostIn !== undefined && this.lostIn === epoch,
    now: () => 5,
  });
  #view: View | undefined;

  constructor(before: (story: Story) => unknown) {
    this.story = new Story().ready();
    before(this.story);
    this.list();
  }

  list(): void {
    const view = new View();
    view.load(this.story.list(), 1);
    view.settle(this.story.revision, this.#view);
    this.#source.listed(view, this.#view);
    this.#view = view;
    this.story.take();
  }

  /** What is told of everything since, as type, subject and generation; oldest first. */
  told(): string[] {
    this.#view?.apply(this.story.take(), this.story.revision, 5, this.#source);
    return this.#told.splice(0).map(({ event }) => {
      const { type, id, agent, generation, reason } = event;
      const subject = [id, agent].filter((part) => part !== undefined).join('@');
      return [type, subject, generation || '', reason].filter((part) => part !== '').join(' ');
    });
  }
}

test('of what stood in etcd at the first list nothing is told', () => {
  assert.deepEqual(new Watched(bothDone).told(), []);
});

test('while etcd has lost history no state is told, and after it the one that is left', () => {
  const watched = new Watched(bothJoined);
  watched.lostIn = 1;
  watched.story.config('1', 'web', 1).report(a, 'web', 1).report(b, 'web', 1);
  assert.deepEqual(watched.told(), [
    'PUBLISHED web 1',
    'APPLIED web@a 1 APPLIED',
    'APPLIED web@b 1 APPLIED',
  ]);
  watched.story.epoch(2).join(a).join(b).report(a, 'web', 1).report(b, 'web', 1).ready(2);
  assert.equal(watched.told().at(-1), 'COMPLETE web 1');
});

test('heartbeats of services cost nothing, however many configs there are', (t) => {
  const watched = new Watched(bothDone);
  const walked = t.mock.getter(View.prototype, 'envs');
  watched.story.put(aggregatorKey('other'), '{}').put(controllerKey('other'), '{}');
  assert.deepEqual(watched.told(), []);
  assert.equal(walked.mock.callCount(), 0);
});

test('a rollout is told from the publication to the completion', () => {
  const watched = new Watched(bothJoined);
  watched.story.config('1', 'web', 1).report(a, 'web', 1).report(b, 'web', 1);
  assert.deepEqual(watched.told(), [
    'PUBLISHED web 1',
    'APPLIED web@a 1 APPLIED',
    'APPLIED web@b 1 APPLIED',
    'COMPLETE web 1',
  ]);
});

test('a generation that was not complete is superseded, one that was is not', () => {
  const watched = new Watched(bothDone);
  watched.story.config('1', 'web', 2).config('1', 'web', 3);
  assert.deepEqual(watched.told(), ['PUBLISHED web 2', 'SUPERSEDED web 2', 'PUBLISHED web 3']);
});

test('who failed is told with its reason, and once, and so is the failed state', () => {
  const watched = new Watched(bothDone);
  watched.story.config('1', 'web', 2);
  const last_attempt = failedAttempt(2);
  watched.story.report(a, 'web', 1, { phase: 'FAILED', last_attempt });
  watched.story.report(a, 'web', 1, { phase: 'FAILED', last_attempt });
  watched.story.report(b, 'web', 1, {
    phase: 'ROLLED_BACK',
    last_attempt: failedAttempt(2, { result: 'rolled_back', reason: 'PROBE' }),
  });
  assert.deepEqual(watched.told(), [
    'PUBLISHED web 2',
    'FAILED web@a 2 RELOAD',
    'ROLLOUT_FAILED web 2',
    'ROLLED_BACK web@b 2 PROBE',
  ]);
});

test('a crash is told as lost, its end as back, forgotten or left', () => {
  const watched = new Watched(bothDone);
  watched.story.crash(b);
  assert.deepEqual(watched.told(), ['LOST b', 'COMPLETE_WITH_EXCEPTIONS web 1']);
  watched.story.join(b, 2).report(b, 'web', 1, { instance: 2 });
  assert.deepEqual(watched.told().slice(0, 2), ['BACK b LOST', 'APPLIED web@b 1 APPLIED']);
  watched.story.crash(b).forget(b, Date.now());
  assert.deepEqual(watched.told(), ['LOST b', 'COMPLETE_WITH_EXCEPTIONS web 1', 'FORGOTTEN b']);
  watched.story.register(b, 3).join(b, 3);
  assert.deepEqual(watched.told().slice(0, 1), ['BACK b FORGOTTEN']);
  watched.story.crash(b).leave(b).register({ env: '1', name: 'c' });
  assert.deepEqual(watched.told(), [
    'LOST b',
    'COMPLETE_WITH_EXCEPTIONS web 1',
    'LEFT b DECOMMISSIONED',
    'COMPLETE web 1',
    'REGISTERED c',
  ]);
});

test('a drift and its repair are told', () => {
  const watched = new Watched(bothDone);
  const drifted = failedAttempt(1, { reason: 'DRIFTED', final: false });
  watched.story.report(a, 'web', 1, { phase: 'APPLYING', proof: null, last_attempt: drifted });
  const repaired = failedAttempt(1, { result: 'ok', reason: 'DRIFT_REPAIRED' });
  watched.story.report(a, 'web', 1, { last_attempt: repaired });
  assert.deepEqual(watched.told(), [
    'DRIFTED web@a 1 DRIFTED',
    'DRIFT_REPAIRED web@a 1 DRIFT_REPAIRED',
    'COMPLETE web 1',
  ]);
});

test('a delete is told to its end', () => {
  const watched = new Watched(bothDone);
  watched.story.remove('1', 'web', 2).reportRemoved(a, 'web', 2).reportRemoved(b, 'web', 2);
  assert.deepEqual(watched.told(), [
    'DELETE_PUBLISHED web 2',
    'REMOVED web@a 2',
    'REMOVED web@b 2',
    'DELETED web 2',
  ]);
});

test('a full rewrite of the same reports tells nothing', () => {
  const watched = new Watched(bothDone);
  watched.story.ready(2).register(a).register(b).report(a, 'web', 1).report(b, 'web', 1);
  assert.deepEqual(watched.told(), ['COMPLETE web 1']);
});

test('what changed between two lists is told by the second', () => {
  const watched = new Watched(bothDone);
  watched.story.crash(b).config('1', 'new', 1).report(a, 'new', 1);
  watched.list();
  assert.deepEqual(watched.told(), [
    'LOST b',
    'PUBLISHED new 1',
    'COMPLETE_WITH_EXCEPTIONS new 1',
    'COMPLETE_WITH_EXCEPTIONS web 1',
  ]);
  watched.list();
  assert.deepEqual(watched.told(), []);
});

test('an aggregator that starts during a rebuild does not tell of what was complete before', () => {
  const watched = new Watched((story) => bothDone(story).epoch(2));
  watched.story.ready(2).register(a).register(b).report(a, 'web', 1).report(b, 'web', 1);
  assert.deepEqual(watched.told(), ['COMPLETE web 1']);
});

test('a roster key that is gone is no evidence of leaving', () => {
  const watched = new Watched(bothDone);
  watched.story.delete(rosterKey('1', 'b')).crash(b);
  assert.deepEqual(watched.told().slice(0, 1), ['LOST b NOT_ON_ROSTER']);
});

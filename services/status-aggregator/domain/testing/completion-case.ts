import assert from 'node:assert/strict';
import { type CompletionState, completionOf } from '../completion.ts';
import type { Accepted, Facts } from '../facts.ts';
import { View } from '../view.ts';
import { ACCEPTED_AT, digestFor, Story } from './story.ts';

/** The agents that most stories are about. */
export const a = { env: '1', name: 'a' };
export const b = { env: '1', name: 'b' };
/** The config that every case asks for. */
export const REF = { env: '1', id: 'web' };
/** The view is trusted, and MySQL knows no more than etcd. */
export const KNOWN: Facts = {
  unknownReason: undefined,
  acceptedKnown: true,
  accepted: undefined,
  minAgents: 1,
};

/** A story, and what is to be said of `REF` at its end. */
export interface CompletionCase {
  name: string;
  /** Begins in a READY etcd of epoch 1. */
  story: (story: Story) => unknown;
  /** Undefined: known nowhere. */
  state: CompletionState | undefined;
  /** Beside KNOWN. */
  facts?: Partial<Facts>;
  /** Agent and reason of each blocker, in order. Left out: not looked at. */
  blockers?: string[];
}

export function bothJoined(story: Story): Story {
  return story.join(a).join(b);
}

/** Both have joined and report generation 1 in force. */
export function bothDone(story: Story): Story {
  return bothJoined(story).config('1', 'web', 1).report(a, 'web', 1).report(b, 'web', 1);
}

/** A row of MySQL: published, not deleted. */
export function acceptedRow(generation: number, more: Partial<Accepted> = {}): Accepted {
  return {
    ...{ generation, digest: digestFor(generation) },
    ...{ deleted: false, published: true, tombstoneExpired: false },
    acceptedAtMs: Date.parse(ACCEPTED_AT),
    ...more,
  };
}

/** The view after the story, as listed at its end. */
export function viewOf(story: Story): View {
  const view = new View();
  view.load(story.list(), 1_000);
  view.settle(story.revision, undefined);
  return view;
}

/** Whatever the state is, the counters have to add up. */
export function assertCase({ story, state, facts, blockers }: CompletionCase): void {
  const told = new Story().ready();
  story(told);
  const found = completionOf(viewOf(told), REF, { ...KNOWN, ...facts });
  assert.equal(found?.state, state);
  if (!found) return;
  const { expected, done, progressing, failed, lost } = found.counts;
  assert.equal(expected, done + progressing + failed + lost, 'expected is the sum of the others');
  const blocking = expected - done + found.forgotten;
  if (found.state !== 'PENDING') assert.equal(found.blockersTotal, blocking);
  if (!blockers) return;
  assert.deepEqual(
    found.blockers.map(({ agent, reason }) => `${agent} ${reason}`),
    blockers,
  );
}

// What a change of where a config stands amounts to: pure comparisons of before and after.

import type { CompletionState, Situation } from '../domain/completion.ts';
import type { Target } from '../domain/standing.ts';
import type { Step } from './agent-steps.ts';

/** What etcd wants of a config, with the state that was told of it last. */
export interface Wanted {
  readonly target: Target | undefined;
  readonly told: CompletionState | undefined;
}

const OVER: ReadonlySet<CompletionState | undefined> = new Set([
  ...(['COMPLETE', 'COMPLETE_WITH_EXCEPTIONS', 'DELETED', 'DELETED_WITH_EXCEPTIONS'] as const),
]);

/** What another target tells: its own coming, after the end of one that was not complete before. */
export function targetSteps(before: Wanted, after: Target | undefined): Step[] {
  const old = before.target;
  if (!after || (old && isSameWish(old, after))) return [];
  const { generation, deleted } = after;
  const steps: Step[] = [];
  if (old && !OVER.has(before.told)) {
    const message = `generation ${generation} came before it was complete`;
    steps.push({ type: 'SUPERSEDED', generation: old.generation, reason: '', message });
  }
  const message = deleted ? 'its tombstone is in etcd' : 'is in etcd';
  const type = deleted ? 'DELETE_PUBLISHED' : 'PUBLISHED';
  return [...steps, { type, generation, reason: '', message }];
}

function isSameWish(a: Target, b: Target): boolean {
  return a.generation === b.generation && a.deleted === b.deleted && a.digest === b.digest;
}

/** What a state tells that it was not in before; undefined: it is on its way. */
export function stateStep(situation: Situation): Step | undefined {
  const { state, generation, counts, forgotten } = situation;
  const { expected, done, failed, lost } = counts;
  switch (state) {
    case 'FAILED': {
      const message = `${failed} of ${expected} members gave up`;
      return { type: 'ROLLOUT_FAILED', generation, reason: '', message };
    }
    case 'COMPLETE':
    case 'DELETED': {
      const message = `${done} of ${expected} members`;
      return { type: state, generation, reason: '', message };
    }
    case 'COMPLETE_WITH_EXCEPTIONS':
    case 'DELETED_WITH_EXCEPTIONS': {
      const message = `${done} of ${expected} members, ${lost} lost, ${forgotten} forgotten`;
      return { type: state, generation, reason: '', message };
    }
    default:
      return undefined;
  }
}

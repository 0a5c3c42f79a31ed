import type { Situation } from './completion.ts';

/** How a wait can end by itself, the worse the later. */
export const OUTCOMES = ['DONE', 'DONE_WITH_EXCEPTIONS', 'FAILED', 'SUPERSEDED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a wait on one environment is for. */
export interface WaitTerms {
  readonly deleted: boolean;
  readonly generation: number;
  readonly acceptExceptions: boolean;
}

/** How the wait ends in this situation; undefined: it goes on. */
export function outcomeOf(situation: Situation, terms: WaitTerms): Outcome | undefined {
  // Not knowing is never an end.
  if (situation.state === 'UNKNOWN') return undefined;
  return terms.deleted ? outcomeOfDelete(situation, terms) : outcomeOfConfig(situation, terms);
}

/** The outcome of a wait on several environments: failures end it at once, the rest when all is settled. */
export function worstOutcome(outcomes: readonly (Outcome | undefined)[]): Outcome | undefined {
  const rank = Math.max(...outcomes.map((outcome) => (outcome ? OUTCOMES.indexOf(outcome) : -1)));
  const worst = OUTCOMES[rank];
  const isEarly = worst === 'FAILED' || worst === 'SUPERSEDED';
  return isEarly || !outcomes.includes(undefined) ? worst : undefined;
}

function outcomeOfConfig(situation: Situation, terms: WaitTerms): Outcome | undefined {
  const { generation, deleted, state } = situation;
  if (generation > terms.generation) return 'SUPERSEDED';
  if (generation < terms.generation) return undefined;
  if (deleted) return 'SUPERSEDED';
  switch (state) {
    case 'COMPLETE':
      return 'DONE';
    case 'COMPLETE_WITH_EXCEPTIONS':
      return terms.acceptExceptions ? 'DONE_WITH_EXCEPTIONS' : undefined;
    case 'FAILED':
      return 'FAILED';
    default:
      return undefined;
  }
}

function outcomeOfDelete(situation: Situation, terms: WaitTerms): Outcome | undefined {
  const { generation, deleted, state } = situation;
  if (!deleted) return generation > terms.generation ? 'SUPERSEDED' : undefined;
  if (generation < terms.generation) return undefined;
  switch (state) {
    case 'DELETED':
      return 'DONE';
    case 'DELETED_WITH_EXCEPTIONS':
      return terms.acceptExceptions ? 'DONE_WITH_EXCEPTIONS' : undefined;
    case 'FAILED':
      return 'FAILED';
    default:
      return undefined;
  }
}

import type { IngressConfig, SetIngressConfigResponse } from '#proto';
import { answersText, plainAnswers, refusalLines } from './agent-words.ts';
import type { Entry } from './printer.ts';
import { withoutPrefix } from './values.ts';
import { plainConfig } from './words.ts';

/** A config with what its Set was answered. */
export interface AnsweredSet {
  readonly env: string;
  readonly id: string;
  readonly answer: SetIngressConfigResponse;
}

const RESULTS = ['created', 'updated', 'unchanged'] as const;
const PLANNED = { created: 'create', updated: 'update', unchanged: 'unchanged' } as const;

/** What a Set did, or would do. */
export function appliedEntry({ env, id, answer }: AnsweredSet, dryRun: boolean): Entry {
  const { config, agents } = answer;
  const result = resultOf(answer);
  const state = dryRun ? '' : withoutPrefix(config?.publishState ?? '', 'PUBLISH_STATE_');
  return {
    plain: {
      ...(config && plainConfig(config)),
      ...{ result, dryRun },
      ...(agents && { agents: plainAnswers(agents) }),
    },
    row: [
      ...[env, id, dryRun ? `${result} (dry run)` : result, `${config?.generation ?? 0}`],
      agents ? answersText(agents) : state,
    ],
    below: agents ? refusalLines(agents) : [],
  };
}

/** What was pruned, or would be. */
export function prunedEntry(config: IngressConfig, dryRun: boolean): Entry {
  const { env, id, generation, publishState } = config;
  const state = dryRun ? '' : withoutPrefix(publishState, 'PUBLISH_STATE_');
  return {
    plain: { ...plainConfig(config), result: 'deleted', dryRun },
    row: [env, id, dryRun ? 'deleted (dry run)' : 'deleted', `${generation}`, state],
  };
}

/** `2 created, 1 unchanged`: what is durable already, whatever comes of the wait. */
export function summaryOf(applied: readonly AnsweredSet[], deleted: number): string {
  const counts = [...countsOf(applied), ['deleted', deleted] as const];
  return counts.flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ');
}

/** `plan: create 3, update 2, unchanged 15`. */
export function planText(plan: readonly AnsweredSet[], pruned: number): string {
  const counts = [
    ...countsOf(plan).map(([result, count]) => [PLANNED[result], count] as const),
    ['delete', pruned] as const,
  ];
  return `plan: ${counts
    .flatMap(([word, count]) => (count > 0 ? [`${word} ${count}`] : []))
    .join(', ')}`;
}

function countsOf(applied: readonly AnsweredSet[]) {
  return RESULTS.map((result) => {
    const count = applied.filter(({ answer }) => resultOf(answer) === result).length;
    return [result, count] as const;
  });
}

function resultOf({ config, changed }: SetIngressConfigResponse): (typeof RESULTS)[number] {
  if (!changed) return 'unchanged';
  return (config?.generation ?? 0) <= 1 ? 'created' : 'updated';
}

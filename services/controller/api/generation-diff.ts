import { stringify } from 'yaml';
import type { CompletionPolicy } from '#libs/keyspace';
import { unifiedDiff } from '../domain/line-diff.ts';
import { type ValueChange, valueChanges } from '../domain/value-diff.ts';

/** More than anybody reads. */
const CHANGES_MAX = 1_000;
/** Memory and time of the search grow with its square: 16 MB and milliseconds. */
const EDITS_MAX = 2_000;

/** What is compared of a generation. */
export interface DiffSide {
  readonly env: string;
  readonly id: string;
  readonly generation: number;
  /** Canonical JSON. */
  readonly content?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly completionPolicy: CompletionPolicy;
  readonly deleted: boolean;
}

export interface GenerationDiff {
  readonly changes: readonly ValueChange[];
  /** Whether there are more changes. */
  readonly truncated: boolean;
  /** Of both sides in YAML; empty when nothing differs, or too many lines do. */
  readonly unified: string;
}

/** What differs between two generations; a missing one, or a delete, counts as empty. */
export function diffGenerations(
  from: DiffSide | undefined,
  to: DiffSide,
  { contextLines }: { contextLines: number },
): GenerationDiff {
  const [before, after] = [comparedOf(from), comparedOf(to)];
  const changes = valueChanges(before, after, CHANGES_MAX + 1);
  const unified = unifiedDiff(yamlOf(before), yamlOf(after), {
    beforeName: nameOf(from),
    afterName: nameOf(to),
    contextLines,
    editsMax: EDITS_MAX,
  });
  const truncated = changes.length > CHANGES_MAX;
  return { changes: changes.slice(0, CHANGES_MAX), truncated, unified };
}

/** Empty: there is nothing on this side. */
interface Compared {
  readonly completion_policy?: CompletionPolicy;
  readonly config?: object;
  readonly labels?: Readonly<Record<string, string>>;
}

function comparedOf(side: DiffSide | undefined): Compared {
  if (!side || side.deleted) return {};
  const { content = '{}', labels, completionPolicy } = side;
  return { completion_policy: completionPolicy, config: JSON.parse(content) as object, labels };
}

/** One line a value, however long: what is folded differs where nothing has changed. */
function yamlOf({ labels = {}, ...compared }: Compared): string {
  if (Object.keys(compared).length === 0) return '';
  const shown = Object.keys(labels).length === 0 ? compared : { ...compared, labels };
  return stringify(shown, { lineWidth: 0 });
}

function nameOf(side: DiffSide | undefined): string {
  if (!side) return '/dev/null';
  const { env, id, generation, deleted } = side;
  return `${env}/${id} generation ${generation}${deleted ? ' (deleted)' : ''}`;
}

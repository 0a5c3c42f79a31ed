import { type CompletionPolicy, canonicalJson } from '#libs/keyspace';
import { type ConfigRef, refKey } from '../domain/config-row.ts';
import type { ConfigRecord } from './config-record.ts';

interface Command extends ConfigRef {
  /** Generation that must be the current one; 0: the config must not exist. */
  readonly expectedGeneration?: number | undefined;
  /** The caller's key for safe retries. Absent: nobody retries, and the store makes one for the history. */
  readonly requestId?: string | undefined;
  /** SHA-256 of the request's body: tells a retry from another request with the same id. */
  readonly bodyDigest: string;
  readonly actor: string;
  readonly note: string;
  readonly traceparent: string;
}

export interface SetCommand extends Command {
  /** Canonical JSON of an object. */
  readonly content: string;
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly completionPolicy: CompletionPolicy;
}

export type DeleteCommand = Command;

/** A command under its request id. `isRetryable`: a caller knows the id, so that its answer is kept. */
export type WriteCommand = { readonly requestId: string; readonly isRetryable: boolean } & (
  | ({ readonly kind: 'set' } & SetCommand)
  | ({ readonly kind: 'delete' } & DeleteCommand)
);

export type WriteResult =
  | {
      kind: 'ok';
      /** The config as this command left it. */
      row: ConfigRecord;
      /** False: the content was the current one already. */
      changed: boolean;
      /** True: the answer of an earlier call with the same request id. */
      replayed: boolean;
    }
  /** `current` is 0 when the config does not exist. */
  | { kind: 'generation_conflict'; current: number }
  | { kind: 'not_found' }
  | { kind: 'request_id_reused' };

/** What `request_log` holds for a request id. */
export interface Answer {
  readonly bodyDigest: string;
  readonly row: ConfigRecord;
  readonly changed: boolean;
}

/** What MySQL said, under the rows' locks. */
export interface Situation {
  /** By `refKey`. */
  readonly rows: ReadonlyMap<string, ConfigRecord>;
  /** By request id. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly now: Date;
  /** Every new generation is above it. */
  readonly generationBase: number;
}

export interface BatchPlan {
  /** One a command, in their order. */
  readonly results: WriteResult[];
  /** Each new generation, in order, with the request that made it. */
  readonly generations: (ConfigRecord & { readonly requestId: string })[];
  /** Answers to keep, by request id. */
  readonly answers: Map<string, Answer>;
}

/** Decides a batch. A refused command changes nothing for those after it. */
export function planBatch(commands: readonly WriteCommand[], situation: Situation): BatchPlan {
  const rows = new Map(situation.rows);
  const plan: BatchPlan = { results: [], generations: [], answers: new Map() };
  for (const command of commands) {
    const { requestId, bodyDigest, isRetryable } = command;
    const answer = plan.answers.get(requestId) ?? situation.answers.get(requestId);
    const result = answer
      ? replay(command, answer)
      : decide(command, rows.get(refKey(command)), situation);
    plan.results.push(result);
    if (result.kind !== 'ok' || result.replayed) continue;
    const { row, changed } = result;
    if (isRetryable) plan.answers.set(requestId, { bodyDigest, row, changed });
    if (changed) {
      rows.set(refKey(row), row);
      plan.generations.push({ ...row, requestId });
    }
  }
  return plan;
}

function replay({ bodyDigest }: WriteCommand, answer: Answer): WriteResult {
  return answer.bodyDigest === bodyDigest
    ? { kind: 'ok', row: answer.row, changed: answer.changed, replayed: true }
    : { kind: 'request_id_reused' };
}

function decide(
  command: WriteCommand,
  row: ConfigRecord | undefined,
  situation: Pick<Situation, 'now' | 'generationBase'>,
): WriteResult {
  const live = row !== undefined && !row.deleted;
  if (command.kind === 'delete' && !live) return { kind: 'not_found' };
  const current = live ? row.generation : 0;
  if (command.expectedGeneration !== undefined && command.expectedGeneration !== current) {
    return { kind: 'generation_conflict', current };
  }
  if (live && command.kind === 'set' && isSame(command, row)) {
    return { kind: 'ok', row, changed: false, replayed: false };
  }
  const next = {
    ...(row ?? neverPublished()),
    ...writtenBy(command),
    acceptedAt: situation.now,
    createdAt: live ? row.createdAt : situation.now,
    deleted: command.kind === 'delete',
  };
  const generation = Math.max(next.generation, situation.generationBase) + 1;
  const record = { ...next, generation };
  return { kind: 'ok', row: record, changed: true, replayed: false };
}

/** What a command writes; a delete leaves the last content in place. */
function writtenBy(command: WriteCommand) {
  const { env, id, actor, note, traceparent } = command;
  const written = { env, id, actor, note, traceparent };
  if (command.kind === 'delete') return written;
  const { content, digest, labels, completionPolicy } = command;
  return { ...written, content, digest, labels, completionPolicy };
}

function neverPublished() {
  return {
    generation: 0,
    publishedEpoch: 0,
    publishedGeneration: 0,
    content: '',
    digest: '',
    labels: {},
    completionPolicy: 'APPLIED' as const,
  };
}

function isSame(command: SetCommand, row: ConfigRecord): boolean {
  return (
    command.digest === row.digest &&
    command.completionPolicy === row.completionPolicy &&
    canonicalJson(command.labels) === canonicalJson(row.labels)
  );
}

import { notFound, type StatusError, timestampFromDate } from '#libs/grpc';
import type { ConfigView, GenerationInput } from '#proto';
import type { ConfigRef } from '../domain/config-row.ts';
import type { GenerationRecord } from '../store/history-store.ts';
import { contentMessage, policyMessage } from './config-message.ts';

/** A generation as the API shows it. */
export function generationMessage(record: GenerationRecord, view: ConfigView): GenerationInput {
  const { env, id, generation, digest, actor, note, deleted, requestId } = record;
  return {
    ...{ env, id, generation, digest, actor, note, deleted, requestId },
    labels: { ...record.labels },
    completionPolicy: policyMessage(record.completionPolicy),
    acceptTime: timestampFromDate(record.acceptedAt),
    ...(record.content !== undefined && contentMessage(record.content, view)),
  };
}

/** NOT_FOUND: a generation that is not in the history. */
export function generationNotFound({ env, id }: ConfigRef, generation: number): StatusError {
  return notFound('GENERATION_NOT_FOUND', `config ${env}/${id} has no generation ${generation}`);
}

/** Whether a view shows the content. */
export function hasContent(view: ConfigView): boolean {
  return view === 'CONFIG_VIEW_FULL' || view === 'CONFIG_VIEW_JSON';
}

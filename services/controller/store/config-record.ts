import type { Selectable } from 'kysely';
import { canonicalJson } from '#libs/keyspace';
import type { IngressConfigTable } from '#libs/mysql';
import type { ConfigRow } from '../domain/config-row.ts';

/** A row of `ingress_config` with who wrote it. */
export interface ConfigRecord extends ConfigRow {
  readonly actor: string;
  readonly note: string;
}

/** A record from its row. */
export function recordFromRow(row: Selectable<IngressConfigTable>): ConfigRecord {
  return {
    env: row.env,
    id: row.id,
    generation: row.generation,
    publishedEpoch: row.published_epoch,
    publishedGeneration: row.published_generation,
    content: row.content,
    digest: row.digest,
    labels: JSON.parse(row.labels) as Record<string, string>,
    completionPolicy: row.completion_policy,
    actor: row.actor,
    note: row.note,
    acceptedAt: row.accepted_at,
    createdAt: row.created_at,
    traceparent: row.traceparent,
    deleted: row.deleted_at !== null,
  };
}

/** The columns that config and history have in common. */
function sharedColumns(record: ConfigRecord) {
  return {
    env: record.env,
    id: record.id,
    generation: record.generation,
    content: record.content,
    digest: record.digest,
    labels: canonicalJson(record.labels),
    completion_policy: record.completionPolicy,
    actor: record.actor,
    note: record.note,
    accepted_at: record.acceptedAt,
  };
}

/** The row of a record, without what publishing writes. */
export function rowFromRecord(record: ConfigRecord) {
  const deletedAt = record.deleted ? record.acceptedAt : null;
  return {
    ...sharedColumns(record),
    created_at: record.createdAt,
    traceparent: record.traceparent,
    deleted_at: deletedAt,
  };
}

/**
 * The row of the history for the record's generation, made by the transaction of this number: for a
 * request, or by a controller itself.
 */
export function historyFromRecord(record: ConfigRecord, sequence: number, requestId = '') {
  return {
    ...sharedColumns(record),
    deleted: record.deleted ? 1 : 0,
    request_id: requestId,
    sequence,
  };
}

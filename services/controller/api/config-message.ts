import { structFromObject, timestampFromDate } from '#libs/grpc';
import type { JsonObject } from '#libs/keyspace';
import type { ConfigView, IngressConfigInput, ReadAfterInput } from '#proto';
import type { ConfigRecord } from '../store/config-store.ts';

/** How a config's publication is told. */
export interface Publication {
  published: boolean;
  after: ReadAfterInput;
}

/** Where a stored row's publication stands in `epoch`. */
export function publicationOf(row: ConfigRecord, epoch: number | undefined): Publication {
  const { generation, publishedEpoch, publishedGeneration } = row;
  const published = publishedEpoch === epoch && publishedGeneration === generation;
  return { published, after: { generation } };
}

/** A config as the API shows it. */
export function configMessage(
  row: ConfigRecord,
  { published, after }: Publication,
  view: ConfigView,
): IngressConfigInput {
  return {
    env: row.env,
    id: row.id,
    generation: row.generation,
    digest: row.digest,
    labels: { ...row.labels },
    completionPolicy:
      row.completionPolicy === 'VERIFIED'
        ? 'COMPLETION_POLICY_VERIFIED'
        : 'COMPLETION_POLICY_APPLIED',
    publishState: published ? 'PUBLISH_STATE_PUBLISHED' : 'PUBLISH_STATE_PENDING',
    after,
    actor: row.actor,
    note: row.note,
    acceptTime: timestampFromDate(row.acceptedAt),
    deleted: row.deleted,
    ...(view === 'CONFIG_VIEW_FULL' && {
      config: structFromObject(JSON.parse(row.content) as JsonObject),
    }),
    ...(view === 'CONFIG_VIEW_JSON' && { configJson: row.content }),
  };
}

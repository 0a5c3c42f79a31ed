import { structFromObject, timestampFromDate } from '#libs/grpc';
import type { CompletionPolicy, JsonObject } from '#libs/keyspace';
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
    completionPolicy: policyMessage(row.completionPolicy),
    publishState: published ? 'PUBLISH_STATE_PUBLISHED' : 'PUBLISH_STATE_PENDING',
    after,
    actor: row.actor,
    note: row.note,
    acceptTime: timestampFromDate(row.acceptedAt),
    deleted: row.deleted,
    ...contentMessage(row.content, view),
  };
}

/** A policy as the API shows it. */
export function policyMessage(
  policy: CompletionPolicy,
): 'COMPLETION_POLICY_APPLIED' | 'COMPLETION_POLICY_VERIFIED' {
  return policy === 'VERIFIED' ? 'COMPLETION_POLICY_VERIFIED' : 'COMPLETION_POLICY_APPLIED';
}

/** The content in the form that the view asks for, or nothing. */
export function contentMessage(content: string, view: ConfigView) {
  if (view === 'CONFIG_VIEW_JSON') return { configJson: content };
  if (view !== 'CONFIG_VIEW_FULL') return {};
  return { config: structFromObject(JSON.parse(content) as JsonObject) };
}

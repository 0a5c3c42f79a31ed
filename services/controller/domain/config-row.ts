import type { CompletionPolicy } from '#libs/keyspace';

/** Names one config. */
export interface ConfigRef {
  readonly env: string;
  readonly id: string;
}

/** A row of `ingress_config` as the data path sees it; a deleted one is the durable tombstone. */
export interface ConfigRow extends ConfigRef {
  readonly generation: number;
  /** Epoch of etcd in which `publishedGeneration` was published; 0: never. */
  readonly publishedEpoch: number;
  readonly publishedGeneration: number;
  /** Canonical JSON. */
  readonly content: string;
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly completionPolicy: CompletionPolicy;
  /** When this generation became durable; of a deleted row: when it was deleted. */
  readonly acceptedAt: Date;
  /** When the config was created, or last created again after a delete. */
  readonly createdAt: Date;
  readonly traceparent: string;
  readonly deleted: boolean;
}

/** The key under which maps and sets of the data path hold a config. */
export function refKey({ env, id }: ConfigRef): string {
  return `${env}/${id}`;
}

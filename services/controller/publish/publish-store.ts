import type { ConfigRef, ConfigRow } from '../domain/config-row.ts';

/** A publication to record. */
export interface PublishedItem extends ConfigRef {
  readonly generation: number;
}

/** What publishing needs of MySQL. */
export interface PublishStore {
  /** The row from the primary, live or deleted. */
  get(env: string, id: string): Promise<ConfigRow | undefined>;
  /**
   * Rows whose generation is not published in `epoch` or a later one, written longer ago than
   * `olderThanMs`.
   */
  dirty(query: { epoch: number; olderThanMs: number; limit: number }): Promise<ConfigRef[]>;
  /** Records that these generations stand in etcd; never lowers what is recorded. */
  markPublished(items: readonly PublishedItem[], epoch: number): Promise<void>;
  /**
   * Lifts a row that is at or below `aboveGeneration` to the generation above it, and returns it as it
   * is then.
   */
  heal(env: string, id: string, aboveGeneration: number): Promise<ConfigRow | undefined>;
}

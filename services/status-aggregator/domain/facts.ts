/** What MySQL says of a config. */
export interface Accepted {
  /** The newest generation that was acknowledged. */
  readonly generation: number;
  readonly digest: string;
  readonly deleted: boolean;
  /** When that generation became durable. Milliseconds since 1970. */
  readonly acceptedAtMs: number;
  /** Whether that generation was ever put into etcd. */
  readonly published: boolean;
  /** Deleted for so long that its tombstone is no longer kept in etcd. */
  readonly tombstoneExpired: boolean;
}

/** What an answer takes from elsewhere than the view. */
export interface Facts {
  /** Why the view cannot be trusted; undefined while it can. */
  readonly unknownReason: string | undefined;
  /** Whether MySQL answered. */
  readonly acceptedKnown: boolean;
  /** Undefined: MySQL does not have the config, or did not answer. */
  readonly accepted: Accepted | undefined;
  /** Fewer members than this are too few to speak of. */
  readonly minAgents: number;
}

export const MIN_AGENTS_DEFAULT = 1;

// MySQL's rows as far as completion.md speaks of them.

/** A row of `ingress_config`. */
export interface ConfigRow {
  readonly env: string;
  readonly id: string;
  readonly generation: number;
  readonly digest: string;
  readonly policy: 'APPLIED' | 'VERIFIED';
  /** Canonical JSON. */
  readonly content: string;
  readonly publishedGeneration: number;
  /** Milliseconds since 1970. */
  readonly acceptedAtMs: number;
  readonly deletedAtMs: number | undefined;
}

/** A row of `agent_member`. */
export interface MemberRow {
  readonly env: string;
  readonly name: string;
  readonly instance: string;
  readonly leftAtMs: number | undefined;
  readonly forgotten: boolean;
}

/** Every row, at the moment `nowMs` of the database. */
export interface MysqlDump {
  readonly nowMs: number;
  /** By `<env>/<id>`. */
  readonly configs: ReadonlyMap<string, ConfigRow>;
  /** By `<env>/<name>`. */
  readonly members: ReadonlyMap<string, MemberRow>;
  /** By environment; no row: 1. */
  readonly minAgents: ReadonlyMap<string, number>;
}

// The tables, as every program sees them. Who writes which is in ARCHITECTURE.md.

import type { ColumnType, Generated } from 'kysely';

/** Set by the database or on insert, never updated by us. */
type Derived<T> = ColumnType<T, never, never>;

/** The truth: one row a config, never removed; a deleted one is the durable tombstone. */
export interface IngressConfigTable {
  env: string;
  id: string;
  generation: number;
  /** Epoch of etcd in which `published_generation` was published; 0: never. */
  published_epoch: Generated<number>;
  published_generation: Generated<number>;
  /** 1 while the generation is not published. */
  dirty: Derived<number>;
  /** Canonical JSON (RFC 8785). Of a deleted row: the last content. */
  content: string;
  digest: string;
  /** JSON object of strings, canonical. */
  labels: string;
  completion_policy: 'APPLIED' | 'VERIFIED';
  actor: string;
  note: string;
  accepted_at: Date;
  /** When the config was created, or last created again after a delete. */
  created_at: Date;
  traceparent: string;
  deleted_at: Date | null;
}

/** History: a row a generation. */
export interface IngressConfigGenerationTable {
  env: string;
  id: string;
  generation: number;
  content: string;
  digest: string;
  labels: string;
  completion_policy: 'APPLIED' | 'VERIFIED';
  actor: string;
  note: string;
  accepted_at: Date;
  deleted: number;
  /** Empty: made by the controllers themselves, or before requests were recorded. */
  request_id: Generated<string>;
  /** Number of the transaction that made it, in the order of commits; 0: before they were counted. */
  sequence: Generated<number>;
}

/** One row (id 1): the transactions that made generations. Locked last, until the commit. */
export interface ChangeCounterTable {
  id: number;
  value: number;
}

/** Answers by request_id, kept for 24 h. */
export interface RequestLogTable {
  /** Bytes: text columns take ids for equal that differ in trailing spaces. */
  request_id: Buffer;
  /** SHA-256 of the request's body. */
  body_digest: string;
  /** JSON of the stored answer. */
  answer: string;
  created_at: Date;
}

/** One row (id 1): what the controllers know of etcd's incarnation. */
export interface EtcdStateTable {
  id: number;
  epoch: number;
  allocated_at: Date | null;
  high_water_revision: number;
  /** Every new generation is above it, and every row is lifted above it. */
  generation_base: number;
  state: 'READY' | 'REBUILDING';
  /** Live rows at the last clean pass: the safety stop compares with it. */
  live_rows: number;
}

/** At most one row (id 1): MySQL seems to have lost rows, and no pass has completed since. */
export interface SafetyStopTable {
  id: number;
  stopped_at: Date;
  live_rows: number;
  live_rows_before: number;
  configs_in_etcd: number;
  /** What an operator accepted; null: nothing. */
  confirmed_live_rows: number | null;
  confirmed_by: Generated<string>;
}

/** The roster's mirror. */
export interface AgentMemberTable {
  env: string;
  name: string;
  instance: string;
  joined_at: string;
  lost_since: Date | null;
  left_at: Date | null;
  /** 1: it was lost for so long that it was taken off the roster, at `left_at`. */
  forgotten: Generated<number>;
}

/** Settings of an environment; a missing row means the defaults. */
export interface EnvironmentTable {
  env: string;
  min_agents: number;
}

/** The latched proof that a generation was in force, or gone, everywhere. Written once. */
export interface CompletionReceiptTable {
  env: string;
  id: string;
  generation: number;
  /** Empty for a delete. */
  digest: string;
  kind: 'COMPLETED' | 'DELETED';
  /** Members whose reports counted. */
  members: number;
  /** SHA-256, hexadecimal, of their names in order, each with a line feed. */
  members_digest: string;
  /** JSON list of `{agent, reason}`: the members that did not count. */
  exceptions: string;
  /** Weakest proof among the members. Empty for a delete. */
  proof: '' | 'APPLIED' | 'VERIFIED';
  epoch: number;
  revision: number;
  /** 1: found to hold after the fact, so that the observed times are missing. */
  late: number;
  accepted_at: Date | null;
  /** As the aggregator that wrote it observed them. */
  published_at: Date | null;
  first_applied_at: Date | null;
  last_applied_at: Date | null;
  completed_at: Date;
  /** Name of that aggregator. */
  written_by: string;
  created_at: Date;
}

export interface RollcallSchema {
  ingress_config: IngressConfigTable;
  ingress_config_generation: IngressConfigGenerationTable;
  change_counter: ChangeCounterTable;
  request_log: RequestLogTable;
  etcd_state: EtcdStateTable;
  safety_stop: SafetyStopTable;
  agent_member: AgentMemberTable;
  environment: EnvironmentTable;
  completion_receipt: CompletionReceiptTable;
}

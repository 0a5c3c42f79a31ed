// SQL that MySQL 8 and MariaDB 10.6 both take. Each statement can be run again: DDL commits by itself,
// so that a migration that was cut short is repeated from its beginning. Never change one that was
// released; add the next.

import { type Kysely, type Migration, sql } from 'kysely';

/** Bytewise everywhere: ids that differ in case are different ids. */
const TABLE = sql.raw('ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin');
/** Lengths of the key space's names. */
const NAME = sql.raw('VARCHAR(63) NOT NULL');
const CONFIG_ID = sql.raw('VARCHAR(253) NOT NULL');
/** 2^53 - 1: what a JavaScript number holds. */
const COUNTER_MAX = sql.raw('9007199254740991');
/** What config and history have in common. */
const CONFIG_COLUMNS = sql.raw(`
  content MEDIUMTEXT NOT NULL,
  digest CHAR(64) NOT NULL,
  labels MEDIUMTEXT NOT NULL,
  completion_policy VARCHAR(16) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  note VARCHAR(1024) NOT NULL,
  accepted_at DATETIME(3) NOT NULL`);

export const migrations: Record<string, Migration> = {
  '0001-configs': { up: createConfigs },
  '0002-etcd-state': { up: createEtcdState },
  '0003-members': { up: createMembers },
  '0004-receipts': { up: createReceipts },
  '0005-safety-stop': { up: createSafetyStop },
  '0006-creation-time': { up: addCreationTime },
  '0007-history-requests': { up: addHistoryRequests },
  '0008-change-order': { up: addChangeOrder },
};

async function createConfigs(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS ingress_config (
    env ${NAME},
    id ${CONFIG_ID},
    generation BIGINT NOT NULL,
    published_epoch BIGINT NOT NULL DEFAULT 0,
    published_generation BIGINT NOT NULL DEFAULT 0,
    dirty TINYINT GENERATED ALWAYS AS
      (CASE WHEN published_generation < generation THEN 1 ELSE 0 END) STORED,
    ${CONFIG_COLUMNS},
    traceparent VARCHAR(64) NOT NULL,
    deleted_at DATETIME(3) NULL,
    PRIMARY KEY (env, id),
    KEY by_dirty (dirty, accepted_at),
    KEY by_epoch (deleted_at, published_epoch, accepted_at),
    CONSTRAINT generation_range CHECK (generation BETWEEN 1 AND ${COUNTER_MAX})
  ) ${TABLE}`.execute(db);
  await sql`CREATE TABLE IF NOT EXISTS ingress_config_generation (
    env ${NAME},
    id ${CONFIG_ID},
    generation BIGINT NOT NULL,
    ${CONFIG_COLUMNS},
    deleted TINYINT NOT NULL,
    PRIMARY KEY (env, id, generation)
  ) ${TABLE}`.execute(db);
  await sql`CREATE TABLE IF NOT EXISTS request_log (
    request_id VARBINARY(512) NOT NULL PRIMARY KEY,
    body_digest VARCHAR(128) NOT NULL,
    answer MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    KEY by_age (created_at)
  ) ${TABLE}`.execute(db);
}

async function createEtcdState(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS etcd_state (
    id TINYINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL DEFAULT 0,
    allocated_at DATETIME(3) NULL,
    high_water_revision BIGINT NOT NULL DEFAULT 0,
    generation_base BIGINT NOT NULL DEFAULT 0,
    state VARCHAR(16) NOT NULL DEFAULT 'REBUILDING',
    live_rows BIGINT NOT NULL DEFAULT 0
  ) ${TABLE}`.execute(db);
  await sql`INSERT IGNORE INTO etcd_state (id) VALUES (1)`.execute(db);
}

async function createMembers(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS agent_member (
    env ${NAME},
    name ${NAME},
    instance VARCHAR(255) NOT NULL,
    joined_at VARCHAR(255) NOT NULL,
    lost_since DATETIME(3) NULL,
    left_at DATETIME(3) NULL,
    forgotten TINYINT NOT NULL DEFAULT 0,
    PRIMARY KEY (env, name)
  ) ${TABLE}`.execute(db);
  await sql`CREATE TABLE IF NOT EXISTS environment (
    env ${NAME} PRIMARY KEY,
    min_agents INT NOT NULL DEFAULT 1
  ) ${TABLE}`.execute(db);
}

async function createReceipts(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS completion_receipt (
    env ${NAME},
    id ${CONFIG_ID},
    generation BIGINT NOT NULL,
    digest CHAR(64) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    members INT NOT NULL,
    members_digest CHAR(64) NOT NULL,
    exceptions MEDIUMTEXT NOT NULL,
    proof VARCHAR(16) NOT NULL,
    epoch BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    late TINYINT NOT NULL,
    accepted_at DATETIME(3) NULL,
    published_at DATETIME(3) NULL,
    first_applied_at DATETIME(3) NULL,
    last_applied_at DATETIME(3) NULL,
    completed_at DATETIME(3) NOT NULL,
    written_by VARCHAR(255) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (env, id, generation, digest, kind),
    KEY by_time (env, created_at)
  ) ${TABLE}`.execute(db);
}

async function createSafetyStop(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS safety_stop (
    id TINYINT NOT NULL PRIMARY KEY,
    stopped_at DATETIME(3) NOT NULL,
    live_rows BIGINT NOT NULL,
    live_rows_before BIGINT NOT NULL,
    configs_in_etcd BIGINT NOT NULL,
    confirmed_live_rows BIGINT NULL,
    confirmed_by VARCHAR(255) NOT NULL DEFAULT ''
  ) ${TABLE}`.execute(db);
}

/** The default is for controllers that do not know the column yet. */
async function addCreationTime(db: Kysely<unknown>): Promise<void> {
  if (!(await hasColumn(db, 'ingress_config', 'created_at'))) {
    await sql`ALTER TABLE ingress_config
      ADD COLUMN created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)`.execute(db);
  }
  await setCreationTimes(db);
}

/** MySQL has no ADD COLUMN IF NOT EXISTS. */
async function hasColumn(db: Kysely<unknown>, table: string, column: string): Promise<boolean> {
  const found = await sql<{ columns: number }>`
    select count(*) as columns from information_schema.columns
    where table_schema = database() and table_name = ${table}
      and column_name = ${column}`.execute(db);
  return found.rows[0]?.columns === 1;
}

/** The default is for what has no request, and for controllers that do not know the column yet. */
async function addHistoryRequests(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'ingress_config_generation', 'request_id')) return;
  await sql`ALTER TABLE ingress_config_generation
    ADD COLUMN request_id VARCHAR(128) NOT NULL DEFAULT ''`.execute(db);
}

/** From the history: the first live generation after the last delete that a live one followed. */
async function setCreationTimes(db: Kysely<unknown>): Promise<void> {
  await sql`
    update ingress_config as config
    left join (
      select history.env, history.id, min(history.generation) as generation
      from ingress_config_generation as history
      left join (
        select gone.env, gone.id, max(gone.generation) as generation
        from ingress_config_generation as gone
        join (
          select env, id, max(generation) as generation
          from ingress_config_generation where deleted = 0 group by env, id
        ) as newest on newest.env = gone.env and newest.id = gone.id
        where gone.deleted = 1 and gone.generation < newest.generation
        group by gone.env, gone.id
      ) as last_delete on last_delete.env = history.env and last_delete.id = history.id
      where history.deleted = 0 and history.generation > coalesce(last_delete.generation, 0)
      group by history.env, history.id
    ) as creation on creation.env = config.env and creation.id = config.id
    left join ingress_config_generation as first on first.env = creation.env
      and first.id = creation.id and first.generation = creation.generation
    set config.created_at = coalesce(first.accepted_at, config.accepted_at)`.execute(db);
}

/** What was there before keeps 0: it is in every snapshot, and no change any more. */
async function addChangeOrder(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS change_counter (
    id TINYINT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL DEFAULT 0
  ) ${TABLE}`.execute(db);
  await sql`INSERT IGNORE INTO change_counter (id) VALUES (1)`.execute(db);
  if (await hasColumn(db, 'ingress_config_generation', 'sequence')) return;
  await sql`ALTER TABLE ingress_config_generation
    ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0, ADD KEY by_sequence (sequence)`.execute(db);
}

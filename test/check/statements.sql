-- libs/mysql/migrate.ts 1
select name from kysely_migration

-- libs/mysql/migrations.ts 1
CREATE TABLE IF NOT EXISTS ingress_config (
  env VARCHAR(63) NOT NULL,
  id VARCHAR(253) NOT NULL,
  generation BIGINT NOT NULL,
  published_epoch BIGINT NOT NULL DEFAULT 0,
  published_generation BIGINT NOT NULL DEFAULT 0,
  dirty TINYINT GENERATED ALWAYS AS
  (CASE WHEN published_generation < generation THEN 1 ELSE 0 END) STORED,
  content MEDIUMTEXT NOT NULL,
  digest CHAR(64) NOT NULL,
  labels MEDIUMTEXT NOT NULL,
  completion_policy VARCHAR(16) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  note VARCHAR(1024) NOT NULL,
  accepted_at DATETIME(3) NOT NULL,
  traceparent VARCHAR(64) NOT NULL,
  deleted_at DATETIME(3) NULL,
  PRIMARY KEY (env, id),
  KEY by_dirty (dirty, accepted_at),
  KEY by_epoch (deleted_at, published_epoch, accepted_at),
  CONSTRAINT generation_range CHECK (generation BETWEEN 1 AND 9007199254740991)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 2
CREATE TABLE IF NOT EXISTS ingress_config_generation (
  env VARCHAR(63) NOT NULL,
  id VARCHAR(253) NOT NULL,
  generation BIGINT NOT NULL,
  content MEDIUMTEXT NOT NULL,
  digest CHAR(64) NOT NULL,
  labels MEDIUMTEXT NOT NULL,
  completion_policy VARCHAR(16) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  note VARCHAR(1024) NOT NULL,
  accepted_at DATETIME(3) NOT NULL,
  deleted TINYINT NOT NULL,
  PRIMARY KEY (env, id, generation)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 3
CREATE TABLE IF NOT EXISTS request_log (
  request_id VARBINARY(512) NOT NULL PRIMARY KEY,
  body_digest VARCHAR(128) NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  KEY by_age (created_at)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 4
CREATE TABLE IF NOT EXISTS etcd_state (
  id TINYINT NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL DEFAULT 0,
  allocated_at DATETIME(3) NULL,
  high_water_revision BIGINT NOT NULL DEFAULT 0,
  generation_base BIGINT NOT NULL DEFAULT 0,
  state VARCHAR(16) NOT NULL DEFAULT 'REBUILDING',
  live_rows BIGINT NOT NULL DEFAULT 0
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 5
INSERT IGNORE INTO etcd_state (id) VALUES (1)

-- libs/mysql/migrations.ts 6
CREATE TABLE IF NOT EXISTS agent_member (
  env VARCHAR(63) NOT NULL,
  name VARCHAR(63) NOT NULL,
  instance VARCHAR(255) NOT NULL,
  joined_at VARCHAR(255) NOT NULL,
  lost_since DATETIME(3) NULL,
  left_at DATETIME(3) NULL,
  forgotten TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (env, name)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 7
CREATE TABLE IF NOT EXISTS environment (
  env VARCHAR(63) NOT NULL PRIMARY KEY,
  min_agents INT NOT NULL DEFAULT 1
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 8
CREATE TABLE IF NOT EXISTS completion_receipt (
  env VARCHAR(63) NOT NULL,
  id VARCHAR(253) NOT NULL,
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
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 9
CREATE TABLE IF NOT EXISTS safety_stop (
  id TINYINT NOT NULL PRIMARY KEY,
  stopped_at DATETIME(3) NOT NULL,
  live_rows BIGINT NOT NULL,
  live_rows_before BIGINT NOT NULL,
  configs_in_etcd BIGINT NOT NULL,
  confirmed_live_rows BIGINT NULL,
  confirmed_by VARCHAR(255) NOT NULL DEFAULT ''
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 10
ALTER TABLE ingress_config
  ADD COLUMN created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)

-- libs/mysql/migrations.ts 11
select count(*) as columns from information_schema.columns
  where table_schema = database() and table_name = ?
  and column_name = ?

-- libs/mysql/migrations.ts 12
ALTER TABLE ingress_config_generation
  ADD COLUMN request_id VARCHAR(128) NOT NULL DEFAULT ''

-- libs/mysql/migrations.ts 13
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
  set config.created_at = coalesce(first.accepted_at, config.accepted_at)

-- libs/mysql/migrations.ts 14
CREATE TABLE IF NOT EXISTS change_counter (
  id TINYINT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL DEFAULT 0
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin

-- libs/mysql/migrations.ts 15
INSERT IGNORE INTO change_counter (id) VALUES (1)

-- libs/mysql/migrations.ts 16
ALTER TABLE ingress_config_generation
  ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0, ADD KEY by_sequence (sequence)

-- libs/mysql/mysql.ts 1
select 1

-- of connections and transactions
begin

-- of connections and transactions
commit

-- of connections and transactions
CREATE DATABASE IF NOT EXISTS `rollcall` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin

-- of connections and transactions
rollback

-- of connections and transactions
SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', innodb_lock_wait_timeout = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'

-- of connections and transactions
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED

-- of the migrator
create table if not exists `kysely_migration_lock` (`id` varchar(255) not null primary key, `is_locked` integer default 0 not null)

-- of the migrator
create table if not exists `kysely_migration` (`name` varchar(255) not null primary key, `timestamp` varchar(255) not null)

-- of the migrator
insert into `kysely_migration_lock` (`id`, `is_locked`) values (?, ?)

-- of the migrator
insert into `kysely_migration` (`name`, `timestamp`) values (?, ?)

-- of the migrator
select `columns`.`COLUMN_NAME`, `columns`.`COLUMN_DEFAULT`, `columns`.`TABLE_NAME`, `columns`.`TABLE_SCHEMA`, `tables`.`TABLE_TYPE`, `columns`.`IS_NULLABLE`, `columns`.`DATA_TYPE`, `columns`.`EXTRA`, `columns`.`COLUMN_COMMENT` from `information_schema`.`columns` as `columns` inner join `information_schema`.`tables` as `tables` on `columns`.`TABLE_CATALOG` = `tables`.`TABLE_CATALOG` and `columns`.`TABLE_SCHEMA` = `tables`.`TABLE_SCHEMA` and `columns`.`TABLE_NAME` = `tables`.`TABLE_NAME` where `columns`.`TABLE_SCHEMA` = database() order by `columns`.`TABLE_NAME`, `columns`.`ORDINAL_POSITION`

-- of the migrator
select `id` from `kysely_migration_lock` where `id` = ?

-- of the migrator
select `name`, `timestamp` from `kysely_migration`

-- of the migrator
select get_lock('ea586330-2c93-47c8-908d-981d9d270f9d', 3600)

-- of the migrator
select release_lock('ea586330-2c93-47c8-908d-981d9d270f9d')

-- services/controller/store/change-counter.ts 1
update change_counter set value = last_insert_id(value + 1) where id = 1

-- services/controller/store/change-store.ts 1
select `env`, `id`, `generation`, `sequence`, `accepted_at` from `ingress_config_generation` where `sequence` > ? order by `sequence` desc, `env` desc, `id` desc, `generation` desc limit ?

-- services/controller/store/change-store.ts 2
select `sequence`, `accepted_at` from `ingress_config_generation` where `env` = ? and `id` = ? and `generation` = ?

-- services/controller/store/change-store.ts 3
select `env`, `id`, `generation`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `sequence` from `ingress_config_generation` where `sequence` >= ? and `sequence` <= ? order by `sequence`, `env`, `id`, `generation` limit ?

-- services/controller/store/change-store.ts 3
select `env`, `id`, `generation`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `sequence`, `content` from `ingress_config_generation` where `sequence` >= ? and `sequence` <= ? and `env` = ? and (sequence > ? or (env, id, generation) > (?, ?, ?)) order by `sequence`, `env`, `id`, `generation` limit ?

-- services/controller/store/config-queries.ts 1
select * from `ingress_config` where `env` = ? and `id` = ?

-- services/controller/store/config-queries.ts 2
select * from `ingress_config` where (`env` > ? or (`env` = ? and `id` > ?)) and `deleted_at` is null and `env` = ? and json_contains(labels, ?) and (id like ? escape '!' or note like ? escape '!') and not (published_epoch = ? and dirty = 0) order by `env`, `id` limit ?

-- services/controller/store/config-queries.ts 2
select * from `ingress_config` where `deleted_at` is null and (published_epoch = ? and dirty = 0) order by `env`, `id` limit ?

-- services/controller/store/config-queries.ts 2
select * from `ingress_config` where `deleted_at` is null order by `env`, `id` limit ?

-- services/controller/store/config-queries.ts 3
select * from `ingress_config` order by `env`, `id` limit ?

-- services/controller/store/config-queries.ts 3
select * from `ingress_config` where (`env` > ? or (`env` = ? and `id` > ?)) order by `env`, `id` limit ?

-- services/controller/store/config-queries.ts 4
(select env, id from ingress_config where dirty = 1 and accepted_at <= UTC_TIMESTAMP(3) - interval ? microsecond limit ?)
  union
  (select env, id from ingress_config where deleted_at is null and published_epoch < ? and accepted_at <= UTC_TIMESTAMP(3) - interval ? microsecond limit ?)
  union
  (select env, id from ingress_config where deleted_at > UTC_TIMESTAMP(3) - interval 7 day and published_epoch < ? and accepted_at <= UTC_TIMESTAMP(3) - interval ? microsecond limit ?)
  limit ?

-- services/controller/store/config-queries.ts 5
select count(*) as `live` from `ingress_config` where `deleted_at` is null

-- services/controller/store/config-queries.ts 6
select named.env, coalesce(counted.configs, 0) as configCount,
  coalesce(environment.min_agents, 1) as minAgents
  from (
  select distinct env from ingress_config where deleted_at is null
  union select env from agent_member where left_at is null
  union select env from environment
  ) as named
  left join (
  select env, count(*) as configs from ingress_config where deleted_at is null group by env
  ) as counted on counted.env = named.env
  left join environment on environment.env = named.env
  order by named.env

-- services/controller/store/environment-store.ts 1
insert into `environment` (`env`, `min_agents`) values (?, ?) on duplicate key update `min_agents` = ?

-- services/controller/store/etcd-state-store.ts 1
update `etcd_state` set `epoch` = ?, `state` = ?, `high_water_revision` = ?, `allocated_at` = UTC_TIMESTAMP(3) where `id` = ?

-- services/controller/store/etcd-state-store.ts 2
update `etcd_state` set `state` = ?, `live_rows` = ?, `high_water_revision` = greatest(high_water_revision, ?) where `id` = ? and `epoch` = ?

-- services/controller/store/etcd-state-store.ts 3
update `etcd_state` set `generation_base` = greatest(generation_base, ?) where `id` = ?

-- services/controller/store/etcd-state-store.ts 4
select `epoch`, `high_water_revision`, `state`, `live_rows`, `generation_base`, timestampdiff(microsecond, allocated_at, UTC_TIMESTAMP(3)) as `age_us` from `etcd_state` where `id` = ?

-- services/controller/store/etcd-state-store.ts 4
select `epoch`, `high_water_revision`, `state`, `live_rows`, `generation_base`, timestampdiff(microsecond, allocated_at, UTC_TIMESTAMP(3)) as `age_us` from `etcd_state` where `id` = ? for update

-- services/controller/store/history-store.ts 1
select `env`, `id`, `generation`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id` from `ingress_config_generation` where `env` = ? and `id` = ? order by `generation` desc limit ?

-- services/controller/store/history-store.ts 1
select `env`, `id`, `generation`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `content` from `ingress_config_generation` where `env` = ? and `id` = ? and `generation` < ? order by `generation` desc limit ?

-- services/controller/store/history-store.ts 2
select `env`, `id`, `generation`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `content` from `ingress_config_generation` where `env` = ? and `id` = ? and `generation` = ?

-- services/controller/store/insert-rows.ts 1
insert into `ingress_config_generation` (`env`, `id`, `generation`, `content`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `sequence`) values (?)

-- services/controller/store/insert-rows.ts 1
insert into `ingress_config` (`env`, `id`, `generation`, `content`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `created_at`, `traceparent`, `deleted_at`) values (?)

-- services/controller/store/insert-rows.ts 1
insert into `ingress_config` (`env`, `id`, `generation`, `content`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `created_at`, `traceparent`, `deleted_at`) values (?) on duplicate key update `generation` = values(`generation`), `content` = values(`content`), `digest` = values(`digest`), `labels` = values(`labels`), `completion_policy` = values(`completion_policy`), `actor` = values(`actor`), `note` = values(`note`), `accepted_at` = values(`accepted_at`), `created_at` = values(`created_at`), `traceparent` = values(`traceparent`), `deleted_at` = values(`deleted_at`)

-- services/controller/store/insert-rows.ts 1
insert into `request_log` (`request_id`, `body_digest`, `answer`, `created_at`) values (?)

-- services/controller/store/lift-rows.ts 1
select `env`, `id` from `ingress_config` where `generation` <= ? order by `env`, `id` limit ?

-- services/controller/store/lift-rows.ts 2
select count(*) as `count` from `ingress_config` where `generation` <= ?

-- services/controller/store/lift-rows.ts 3
select max(highest) as highest from (
  select max(generation) as highest from ingress_config
  union all select max(highest) from (
  select max(generation) as highest from ingress_config_generation group by env, id
  ) as history
  union all select max(highest) from (
  select max(generation) as highest from completion_receipt group by env, id
  ) as receipts
  ) as everywhere

-- services/controller/store/lift-rows.ts 4
select `env`, `id`, UTC_TIMESTAMP(3) as `now` from `ingress_config` where (`env`, `id`) in ((?, ?), (?, ?)) and `generation` <= ? for update

-- services/controller/store/lift-rows.ts 5
insert into ingress_config_generation (env, id, generation, content, digest, labels,
  completion_policy, actor, note, accepted_at, deleted, sequence)
  select config.env, config.id, greatest(?, coalesce(history.newest, 0)) + 1,
  content, digest, labels, completion_policy, ?, ?, case when deleted_at is null then ? else accepted_at end,
  deleted_at is not null, ?
  from ingress_config as config left join (
  select env, id, max(generation) as newest from ingress_config_generation
  where (`env`, `id`) in ((?, ?), (?, ?)) group by env, id
  ) as history on history.env = config.env and history.id = config.id
  where (`config`.`env`, `config`.`id`) in ((?, ?), (?, ?))

-- services/controller/store/lift-rows.ts 6
update ingress_config set
  published_epoch = case when deleted_at is not null and published_generation >= generation then 0 else published_epoch end,
  published_generation =
  case when deleted_at is not null and published_generation >= generation then (
  select max(history.generation) from ingress_config_generation as history
  where history.env = ingress_config.env and history.id = ingress_config.id) else published_generation end,
  accepted_at = case when deleted_at is null then ? else accepted_at end,
  generation = (
  select max(history.generation) from ingress_config_generation as history
  where history.env = ingress_config.env and history.id = ingress_config.id), actor = ?, note = ?
  where (`env`, `id`) in ((?, ?), (?, ?))

-- services/controller/store/member-store.ts 1
select *, UTC_TIMESTAMP(3) as `read_at` from `agent_member` order by `env`, `name`

-- services/controller/store/member-store.ts 1
select *, UTC_TIMESTAMP(3) as `read_at` from `agent_member` where `env` = ? order by `env`, `name`

-- services/controller/store/member-store.ts 2
select *, UTC_TIMESTAMP(3) as `read_at` from `agent_member` where `env` = ? and `name` = ?

-- services/controller/store/member-store.ts 3
insert ignore into `agent_member` (`env`, `name`, `instance`, `joined_at`) values (?, ?, ?, ?)

-- services/controller/store/member-store.ts 4
update `agent_member` set `instance` = ?, `joined_at` = ?, `lost_since` = ?, `left_at` = ?, `forgotten` = ? where `env` = ? and `name` = ? and (`left_at` is not null or `instance` != ? or `joined_at` != ?)

-- services/controller/store/member-store.ts 5
update `agent_member` set `left_at` = coalesce(left_at, ?), `lost_since` = ?, `forgotten` = ? where `env` = ? and `name` = ? and (`left_at` is null or `forgotten` = ?)

-- services/controller/store/member-store.ts 5
update `agent_member` set `left_at` = coalesce(left_at, UTC_TIMESTAMP(3)), `lost_since` = ?, `forgotten` = ? where `env` = ? and `name` = ? and (`left_at` is null or `forgotten` = ?)

-- services/controller/store/member-store.ts 6
update `agent_member` set `left_at` = ?, `lost_since` = ?, `forgotten` = ? where `env` = ? and `name` = ? and (`left_at` is null or `forgotten` = ?)

-- services/controller/store/member-store.ts 7
update `agent_member` set `lost_since` = UTC_TIMESTAMP(3) where `env` = ? and `name` = ? and `lost_since` is null and `left_at` is null

-- services/controller/store/member-store.ts 8
update `agent_member` set `lost_since` = ? where `env` = ? and `name` = ? and `lost_since` is not null

-- services/controller/store/publish-records.ts 1
update ingress_config as config join (select ? as env, ? as id, ? as generation union all select ? as env, ? as id, ? as generation) as mark
  on config.env = mark.env and config.id = mark.id
  set config.published_generation = mark.generation, config.published_epoch = ?
  where config.published_epoch < ?
  or (config.published_epoch = ? and config.published_generation < mark.generation)

-- services/controller/store/publish-records.ts 2
select *, UTC_TIMESTAMP(3) as `now` from `ingress_config` where `env` = ? and `id` = ? for update

-- services/controller/store/publish-records.ts 3
update `ingress_config` set `generation` = ?, `content` = ?, `digest` = ?, `labels` = ?, `completion_policy` = ?, `actor` = ?, `note` = ?, `accepted_at` = ?, `created_at` = ?, `traceparent` = ?, `deleted_at` = ? where `env` = ? and `id` = ?

-- services/controller/store/publish-records.ts 4
insert into `ingress_config_generation` (`env`, `id`, `generation`, `content`, `digest`, `labels`, `completion_policy`, `actor`, `note`, `accepted_at`, `deleted`, `request_id`, `sequence`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- services/controller/store/request-log.ts 1
select UTC_TIMESTAMP(3) as now, state.generation_base, log.request_id, log.body_digest, log.answer
  from etcd_state as state left join request_log as log on log.request_id in (?)
  where state.id = 1

-- services/controller/store/request-log.ts 2
select `request_id`, `body_digest` from `request_log` where `request_id` in (?) for update

-- services/controller/store/request-log.ts 3
delete from request_log where created_at < UTC_TIMESTAMP(3) - interval 24 hour
  order by created_at limit 1000

-- services/controller/store/request-log.ts 4
select `content` from `ingress_config_generation` where `env` = ? and `id` = ? and `generation` = ?

-- services/controller/store/request-log.ts 5
select `published_epoch` as `publishedEpoch`, `published_generation` as `publishedGeneration` from `ingress_config` where `env` = ? and `id` = ?

-- services/controller/store/safety-stop.ts 1
select * from `safety_stop` where `id` = ?

-- services/controller/store/safety-stop.ts 2
insert into safety_stop (id, stopped_at, live_rows, live_rows_before, configs_in_etcd)
  select 1, UTC_TIMESTAMP(3), ?, ?, ?
  from etcd_state where etcd_state.id = 1 and etcd_state.live_rows = ?
  on duplicate key update live_rows = values(live_rows),
  live_rows_before = values(live_rows_before), configs_in_etcd = values(configs_in_etcd)

-- services/controller/store/safety-stop.ts 3
delete from `safety_stop` where `id` = ?

-- services/controller/store/safety-stop.ts 4
select `etcd_state`.`live_rows` as `before`, `live_rows_before`, `confirmed_live_rows` from `etcd_state` left join `safety_stop` on `safety_stop`.`id` = `etcd_state`.`id` where `etcd_state`.`id` = ?

-- services/controller/store/safety-stop.ts 5
update `safety_stop` set `confirmed_live_rows` = ?, `confirmed_by` = ?, `live_rows` = ? where `id` = ?

-- services/controller/store/write-batch.ts 1
select * from `ingress_config` where (env, id) in ((?, ?))

-- services/controller/store/write-batch.ts 1
select * from `ingress_config` where (env, id) in ((?, ?)) for update

-- services/controller/store/write-batch.ts 2
select `env`, `id`, `generation`, `request_id`, `digest` from `ingress_config_generation` where (env, id, generation) in ((?, ?, ?)) for update

-- services/status-aggregator/receipts/receipt-store.ts 1
insert into `completion_receipt` (`env`, `id`, `generation`, `digest`, `kind`, `members`, `members_digest`, `exceptions`, `proof`, `epoch`, `revision`, `late`, `accepted_at`, `published_at`, `first_applied_at`, `last_applied_at`, `completed_at`, `written_by`, `created_at`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) on duplicate key update `env` = completion_receipt.env

-- services/status-aggregator/receipts/receipt-store.ts 2
select `env`, `id`, `generation`, `digest`, `kind`, `written_by` from `completion_receipt` where ((`env` = ? and `id` = ? and `generation` = ? and `digest` = ? and `kind` = ?) or (`env` = ? and `id` = ? and `generation` = ? and `digest` = ? and `kind` = ?))

-- services/status-aggregator/receipts/receipt-store.ts 3
select * from `completion_receipt` where ((`env` = ? and `id` = ? and `generation` = ? and `digest` = ? and `kind` = ?) or (`env` = ? and `id` = ? and `generation` = ? and `digest` = ? and `kind` = ?))

-- services/status-aggregator/receipts/receipt-store.ts 4
select * from `completion_receipt` where `env` = ? and `id` = ? and `generation` = ? and `kind` = ? order by `generation` desc, `created_at` desc limit ?

-- services/status-aggregator/receipts/receipt-store.ts 4
select * from `completion_receipt` where `env` = ? and `id` = ? order by `generation` desc, `created_at` desc limit ?

-- services/status-aggregator/receipts/receipt-store.ts 5
select * from `completion_receipt` order by `env`, `id`, `generation` desc, `kind`, `digest` limit ?

-- services/status-aggregator/receipts/receipt-store.ts 5
select * from `completion_receipt` where `env` = ? and `id` = ? and (`env` > ? or (`env` = ? and `id` > ?) or ((`env` = ? and `id` = ?) and `generation` < ?) or (((`env` = ? and `id` = ?) and `generation` = ?) and `kind` > ?) or (((`env` = ? and `id` = ?) and `generation` = ?) and `kind` = ? and `digest` > ?)) order by `env`, `id`, `generation` desc, `kind`, `digest` limit ?

-- services/status-aggregator/store/accepted-store.ts 1
select `env`, `id`, `generation`, `published_generation`, `digest`, `accepted_at`, `deleted_at`, deleted_at is not null and
  deleted_at < UTC_TIMESTAMP(3) - interval 7 day as `expired` from `ingress_config` where ((`env` = ? and `id` in (?)) or (`env` = ? and `id` in (?)))

-- services/status-aggregator/store/accepted-store.ts 2
select `env`, `id`, `generation`, `published_generation`, `digest`, `accepted_at`, `deleted_at`, deleted_at is not null and
  deleted_at < UTC_TIMESTAMP(3) - interval 7 day as `expired` from `ingress_config` where (`deleted_at` is null or `dirty` = ?) order by `env`, `id` limit ?

-- services/status-aggregator/store/accepted-store.ts 2
select `env`, `id`, `generation`, `published_generation`, `digest`, `accepted_at`, `deleted_at`, deleted_at is not null and
  deleted_at < UTC_TIMESTAMP(3) - interval 7 day as `expired` from `ingress_config` where `dirty` = ? and `env` = ? and `id` = ? and (`env` > ? or (`env` = ? and `id` > ?)) order by `env`, `id` limit ?

-- services/status-aggregator/store/accepted-store.ts 3
select `env` from `ingress_config` where `id` = ? and `deleted_at` is null

-- services/status-aggregator/store/accepted-store.ts 4
select `env`, `min_agents` from `environment`

-- services/status-aggregator/store/accepted-store.ts 4
select `env`, `min_agents` from `environment` where `env` in (?, ?)

-- services/status-aggregator/store/accepted-store.ts 5
select `name`, `lost_since` from `agent_member` where `env` = ? and `name` in (?, ?) and `left_at` is null

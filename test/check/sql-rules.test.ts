import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf } from './sql-rules.ts';

/** What MariaDB takes and MySQL does not. */
const MARIADB_ONLY = [
  'insert into t (a) values (1) returning a',
  'delete from t where a = 1 returning *',
  'replace into t (a) values (1) returning a',
  'alter table t add column if not exists a int',
  'alter table t drop column if exists a',
  'create index if not exists i on t (a)',
  'drop index if exists i on t',
  'create or replace table t (a int)',
  "create or replace user u identified by 'x'",
  'create sequence s',
  'select next value for s',
  'select nextval(s)',
  'select * from t for update wait 3',
  'drop table t wait 3',
  'lock table t write wait 3',
  'create table t (a int, b int as (a) persistent)',
  'create table t (a uuid)',
  'create table t (a inet6)',
  'create table t (a varchar(9) compressed)',
  'create table t (a int) with system versioning',
  'select * from t for system_time all',
  'set statement max_statement_time = 1 for select 1',
  "execute immediate 'select 1'",
  'begin not atomic select 1; end',
  'values (1, 2), (3, 4)',
  'select * from t offset 3 rows fetch next 1 rows only',
  'select * from t limit 3 rows examined 5',
  'analyze format = json select 1',
  'create table t (a varchar(9) collate uca1400_ai_ci)',
  "select json_detailed('{}')",
  'select regexp_substr(a, ?) from t',
  'select median(a) over () from t',
];

/** What MySQL takes, at least a newer one, and MariaDB 10.6 does not. */
const MYSQL_ONLY = [
  "select labels -> '$.app' from t",
  "select labels->>'$.app' from t",
  'insert into t (a) values (1) as new on duplicate key update a = new.a',
  'insert into t (a, b) values (1, 2) as new (x, y) on duplicate key update a = x',
  'select * from t, lateral (select t.a) as l',
  'select * from t where 1 member of (a)',
  'select * from t for share',
  'select * from t join u for update of t',
  'create table t (a int, key by_sum ((a + 1)))',
  'create index by_sum on t ((a + 1))',
  'with x as (select 1 as a) update t join x on t.a = x.a set t.a = 2',
  'with x as (select 1 as a) delete from t where a in (select a from x)',
  'explain analyze select 1',
  'set persist max_connections = 5',
  'alter table t alter index i invisible',
  'select a from t intersect select a from u',
  'select a from t except select a from u',
  'values row (1, 2), row (3, 4)',
  'select * from t tablesample system (10)',
  'create table t (a varchar(9) collate utf8mb4_0900_ai_ci)',
  'select uuid_to_bin(?)',
  'select any_value(a) from t',
  'select bin_to_uuid(a) from t',
  "select a || 'b' from t",
];

for (const statement of [...MARIADB_ONLY, ...MYSQL_ONLY]) {
  test(`refuses ${statement}`, () => assert.notDeepEqual(problemsOf(statement), []));
}

const BOTH = [
  'select `a`, count(*) from `t` where `b` = ? group by `a` order by `a` limit ?',
  "insert into t (a) values (?), (?) on duplicate key update a = values(a), b = 'x -> y || z'",
  'insert ignore into t (a) values (1)',
  'select * from t where (a, b) in ((?, ?), (?, ?)) for update',
  'select * from t where a = 1 for update skip locked',
  'update t as x join (select ? as a union all select ?) as y on x.a = y.a set x.b = 1',
  'delete from t where a < UTC_TIMESTAMP(3) - interval 24 hour order by a limit 1000',
  'create table if not exists t (a bigint not null, check (a between 1 and 2), key by_a (a))',
  'create table t (a int, b tinyint generated always as (case when a < 1 then 1 end) stored)',
  'create table t (a varchar(9)) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin',
  'alter table t add column c datetime(3) not null default current_timestamp(3)',
  'select json_contains(labels, ?), coalesce(a, 1), greatest(a, 2) from t',
];

for (const statement of BOTH) {
  test(`takes ${statement}`, () => assert.deepEqual(problemsOf(statement), []));
}

test('says what is wrong, and where', () => {
  assert.deepEqual(problemsOf('select 1 from'), [
    "MySQL 8.0.16 does not take it: line 1, column 13: no viable alternative at input 'select 1 from'",
  ]);
  assert.deepEqual(problemsOf("select uuid_to_bin(a -> '$.b') from t"), [
    'not in both: -> and ->>',
    'not known in both: uuid_to_bin()',
  ]);
});

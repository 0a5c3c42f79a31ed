export {
  MysqlBusyError,
  MysqlDuplicateError,
  MysqlError,
  MysqlLockError,
  MysqlOutcomeUnknownError,
  MysqlReadOnlyError,
  MysqlStatementError,
  MysqlUnavailableError,
  SchemaError,
} from './errors.ts';
export { checkSchema, migrate } from './migrate.ts';
export { type Mysql, type MysqlDeps, openMysql, type TransactionOptions } from './mysql.ts';
export type {
  AgentMemberTable,
  CompletionReceiptTable,
  EnvironmentTable,
  EtcdStateTable,
  IngressConfigGenerationTable,
  IngressConfigTable,
  RequestLogTable,
  RollcallSchema,
} from './schema.ts';
export type { MysqlSettings } from './settings.ts';

export {
  type Binaries,
  type Binary,
  ensureBinaries,
  findBinaries,
  type MysqlBinary,
} from './binaries.ts';
export { type Child, type ChildOptions, type Exit, startChild } from './child.ts';
export { SetupError, StartError } from './errors.ts';
export { type EtcdOptions, type EtcdServer, type EtcdTls, startEtcd } from './etcd.ts';
export { askHttp, type HttpTarget, type LoadResult, runLoad } from './http-load.ts';
export { type LittleBackend, openBackend } from './little-backend.ts';
export { type MysqlOptions, type MysqlServer, type MysqlTls, startMysql } from './mysql.ts';
export { ensureNginx } from './nginx.ts';
export { localDir, nodeBinary, openRunDir, type RunDir, rootDir } from './paths.ts';
export { freePort } from './ports.ts';
export {
  launchProgram,
  type Program,
  type ProgramName,
  type ProgramOptions,
  startProgram,
} from './program.ts';

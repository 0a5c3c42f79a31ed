export {
  checkAll,
  type EtcdConnection,
  type EtcdValues,
  etcdConnectionFromValues,
  type LeaseTimes,
  type LeaseValues,
  leaseTimesFromValues,
  type ServerTlsPaths,
  type ServerTlsValues,
  serverTlsFromValues,
} from './checks.ts';
export { ExitError, HelpRequested, UsageError } from './errors.ts';
export { packageVersion } from './package-version.ts';
export {
  address,
  boolean,
  integer,
  list,
  matching,
  number,
  oneOf,
  pairs,
  readableFile,
  text,
} from './parse.ts';
export { runProgram } from './program.ts';
export {
  type ProgramSpec,
  readSettings,
  type Setting,
  type Settings,
  type Sources,
  type Values,
} from './settings.ts';
export {
  etcdSettings,
  leaseSettings,
  mysqlSettings,
  processSettings,
  serverSettings,
} from './shared-settings.ts';

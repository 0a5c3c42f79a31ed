import { resolve } from 'node:path';
import {
  checkAll,
  type EtcdConnection,
  etcdConnectionFromValues,
  etcdSettings,
  type LeaseTimes,
  leaseSettings,
  leaseTimesFromValues,
  matching,
  number,
  packageVersion,
  pairs,
  processSettings,
  readSettings,
  type ServerTlsPaths,
  type Sources,
  serverSettings,
  serverTlsFromValues,
  text,
  UsageError,
} from '#libs/config';
import { isName, NAME_RULE } from '#libs/keyspace';
import type { LogLevel } from '#libs/telemetry';
import { DRIVER_NAMES, type DriverOptions, driverProblems } from './drivers/open-driver.ts';

const PROGRAM = 'rollcall-agent';

const settings = {
  ...processSettings,
  env: {
    flag: '--env',
    env: 'ROLLCALL_ENV',
    help: 'the environment whose configs are applied',
    required: true,
    parse: matching(isName, NAME_RULE),
  },
  stateDir: {
    flag: '--state-dir',
    env: 'ROLLCALL_STATE_DIR',
    help: "directory of the agent's journal and files, of its own alone",
    required: true,
    parse: (value: string) => resolve(text(value)),
  },
  driver: {
    flag: '--driver',
    env: 'ROLLCALL_DRIVER',
    help: `what apply means: ${DRIVER_NAMES.join(', ')}`,
    default: 'file',
    parse: text,
  },
  driverOptions: {
    flag: '--driver-option',
    env: 'ROLLCALL_DRIVER_OPTIONS',
    help: 'k=v for the driver, may be repeated (exec: apply, remove, check, …; file: dir, mode, uid, gid; kubernetes: namespace, kubeconfig, …; nginx: listen, …; noop: delay_ms)',
    default: '',
    repeatable: true,
    parse: pairs,
  },
  relistInterval: {
    flag: '--relist-interval',
    env: 'ROLLCALL_RELIST_INTERVAL',
    help: 'seconds between full lists, varied by 10 %',
    default: '180',
    parse: number(1, 86_400),
  },
  ...leaseSettings,
  ...serverSettings,
  ...etcdSettings,
} as const;

/** What an agent is told at its start. */
export interface AgentConfig extends LeaseTimes {
  readonly name: string;
  readonly env: string;
  readonly version: string;
  readonly stateDir: string;
  readonly driver: string;
  readonly driverOptions: DriverOptions;
  readonly listen: string;
  /** host:port for the registration; undefined: the address that it listens on. */
  readonly advertise: string | undefined;
  readonly healthListen: string | undefined;
  readonly metricsListen: string | undefined;
  readonly otlpEndpoint: string | undefined;
  readonly logLevel: LogLevel;
  readonly relistIntervalMs: number;
  readonly graceMs: number;
  readonly tls: ServerTlsPaths | undefined;
  readonly etcd: EtcdConnection;
}

/** Reads the settings. Throws UsageError with every problem, HelpRequested for `--help`. */
export function readConfig(sources: Sources): AgentConfig {
  const spec = {
    program: PROGRAM,
    summary: "Applies an environment's configs on this host and reports what is in force.",
    settings,
  };
  const values = readSettings(spec, sources);
  const { lease, tls, etcd } = checkAll(PROGRAM, {
    driver: () => checkDriver(values),
    lease: () => leaseTimesFromValues(PROGRAM, values),
    tls: () => serverTlsFromValues(PROGRAM, values),
    etcd: () => etcdConnectionFromValues(PROGRAM, values),
  });
  const { relistInterval, graceSeconds } = values;
  return Object.freeze({
    name: values.name,
    env: values.env,
    version: packageVersion(),
    stateDir: values.stateDir,
    driver: values.driver,
    driverOptions: values.driverOptions,
    listen: values.listen,
    advertise: values.advertise,
    healthListen: values.healthListen,
    metricsListen: values.metricsListen,
    otlpEndpoint: values.otlpEndpoint,
    logLevel: values.logLevel,
    ...lease,
    relistIntervalMs: relistInterval * 1_000,
    graceMs: graceSeconds * 1_000,
    tls,
    etcd,
  });
}

function checkDriver(values: { driver: string; driverOptions: DriverOptions }): void {
  const problems = driverProblems(values.driver, values.driverOptions);
  if (problems.length > 0) throw new UsageError(PROGRAM, problems);
}

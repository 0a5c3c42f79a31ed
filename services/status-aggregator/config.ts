import {
  checkAll,
  etcdConnectionFromValues,
  etcdSettings,
  leaseSettings,
  leaseTimesFromValues,
  mysqlSettings,
  number,
  packageVersion,
  processSettings,
  readSettings,
  type Sources,
  serverSettings,
  serverTlsFromValues,
} from '#libs/config';

const PROGRAM = 'rollcall-status-aggregator';

const settings = {
  ...processSettings,
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
  ...mysqlSettings,
} as const;

/** What an aggregator is told at its start. */
export type AggregatorConfig = ReturnType<typeof readConfig>;

/** Reads the settings. Throws UsageError with every problem, HelpRequested for `--help`. */
export function readConfig(sources: Sources) {
  const values = readSettings(
    {
      program: PROGRAM,
      summary:
        'Says over gRPC whether each config is in force on every live agent, and who blocks.',
      settings,
    },
    sources,
  );
  const { lease, tls, etcd } = checkAll(PROGRAM, {
    lease: () => leaseTimesFromValues(PROGRAM, values),
    tls: () => serverTlsFromValues(PROGRAM, values),
    etcd: () => etcdConnectionFromValues(PROGRAM, values),
  });
  return Object.freeze({
    ...{ ...values, ...lease, tls, etcd },
    version: packageVersion(),
    mysql: { url: values.mysqlUrl, ...(values.mysqlCa && { tls: { ca: values.mysqlCa } }) },
    relistIntervalMs: values.relistInterval * 1000,
    graceMs: values.graceSeconds * 1000,
  });
}

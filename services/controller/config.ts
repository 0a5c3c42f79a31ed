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

const PROGRAM = 'rollcall-controller';

const settings = {
  ...processSettings,
  forgetAfter: {
    flag: '--forget-after',
    env: 'ROLLCALL_FORGET_AFTER',
    help: 'seconds after which a lost agent is taken off the roster, but never the last one',
    default: '86400',
    parse: number(1, 31_536_000),
  },
  ...leaseSettings,
  ...serverSettings,
  ...etcdSettings,
  ...mysqlSettings,
} as const;

/** What a controller is told at its start. */
export type ControllerConfig = ReturnType<typeof readConfig>;

/** Reads the settings. Throws UsageError with every problem, HelpRequested for `--help`. */
export function readConfig(sources: Sources) {
  const values = readSettings(
    {
      program: PROGRAM,
      summary: 'Accepts configs over gRPC, keeps them in MySQL and publishes them to etcd.',
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
    forgetAfterMs: values.forgetAfter * 1000,
    graceMs: values.graceSeconds * 1000,
  });
}

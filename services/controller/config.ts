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
  readableFile,
  readSettings,
  type Sources,
  serverSettings,
  serverTlsFromValues,
  UsageError,
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
  agentCa: {
    flag: '--agent-ca',
    env: 'ROLLCALL_AGENT_CA',
    help: 'file of the CA of the agents that are asked (PEM): TLS to agents',
    parse: readableFile,
  },
  agentCert: {
    flag: '--agent-cert',
    env: 'ROLLCALL_AGENT_CERT',
    help: 'file of the client certificate for agents (PEM)',
    parse: readableFile,
  },
  agentKey: {
    flag: '--agent-key',
    env: 'ROLLCALL_AGENT_KEY',
    help: 'file of the client key for agents (PEM)',
    parse: readableFile,
  },
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
  const { lease, tls, etcd, agentTls } = checkAll(PROGRAM, {
    lease: () => leaseTimesFromValues(PROGRAM, values),
    tls: () => serverTlsFromValues(PROGRAM, values),
    etcd: () => etcdConnectionFromValues(PROGRAM, values),
    agentTls: () => agentTlsFromValues(values),
  });
  return Object.freeze({
    ...{ ...values, ...lease, tls, etcd, agentTls },
    version: packageVersion(),
    mysql: { url: values.mysqlUrl, ...(values.mysqlCa && { tls: { ca: values.mysqlCa } }) },
    forgetAfterMs: values.forgetAfter * 1000,
    graceMs: values.graceSeconds * 1000,
  });
}

interface AgentTlsValues {
  agentCa?: string | undefined;
  agentCert?: string | undefined;
  agentKey?: string | undefined;
}

/** TLS files of connections to agents, or undefined for plaintext. Throws UsageError for half of a pair. */
function agentTlsFromValues({ agentCa: ca, agentCert: cert, agentKey: key }: AgentTlsValues) {
  if (!cert !== !key) {
    throw new UsageError(PROGRAM, ['--agent-cert and --agent-key: each needs the other']);
  }
  return ca || cert ? { ca, cert, key } : undefined;
}

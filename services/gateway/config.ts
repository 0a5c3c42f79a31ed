import {
  address,
  checkAll,
  integer,
  list,
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

const PROGRAM = 'rollcall-gateway';
const addresses = (text: string): string[] => list(text).map(address);

const settings = {
  ...processSettings,
  listen: { ...serverSettings.listen, help: 'HTTP address; port 0 picks a free one' },
  healthListen: {
    ...serverSettings.healthListen,
    help: 'plaintext address of /healthz and /readyz alone; off when not set',
  },
  graceSeconds: serverSettings.graceSeconds,
  tlsCert: { ...serverSettings.tlsCert, help: "file of the server's certificate chain (PEM)" },
  tlsKey: { ...serverSettings.tlsKey, help: "file of the server's key (PEM)" },
  tlsClientCa: serverSettings.tlsClientCa,
  controllers: {
    flag: '--controllers',
    env: 'ROLLCALL_CONTROLLER',
    help: 'comma-separated host:port of controllers; a name may stand for many',
    required: true,
    parse: addresses,
  },
  aggregators: {
    flag: '--aggregators',
    env: 'ROLLCALL_AGGREGATOR',
    help: 'comma-separated host:port of status aggregators; a name may stand for many',
    required: true,
    parse: addresses,
  },
  upstreamCa: {
    flag: '--upstream-ca',
    env: 'ROLLCALL_UPSTREAM_CA',
    help: 'file of the CA of the services (PEM): TLS; plaintext when not set',
    parse: readableFile,
  },
  upstreamCert: {
    flag: '--upstream-cert',
    env: 'ROLLCALL_UPSTREAM_CERT',
    help: 'file of the client certificate for the services (PEM)',
    parse: readableFile,
  },
  upstreamKey: {
    flag: '--upstream-key',
    env: 'ROLLCALL_UPSTREAM_KEY',
    help: 'file of the client key for the services (PEM)',
    parse: readableFile,
  },
  requestsPerSecond: {
    flag: '--requests-per-second',
    env: 'ROLLCALL_REQUESTS_PER_SECOND',
    help: 'requests of one address in a second, and at once after a pause',
    default: '200',
    parse: number(0.1, 1_000_000),
  },
  inFlightMax: {
    flag: '--in-flight',
    env: 'ROLLCALL_IN_FLIGHT',
    help: 'requests that are answered at a time, streams and waits included',
    default: '1000',
    parse: integer(1, 100_000),
  },
} as const;

/** What a gateway is told at its start. */
export type GatewayConfig = ReturnType<typeof readConfig>;

/** Reads the settings. Throws UsageError with every problem, HelpRequested for `--help`. */
export function readConfig(sources: Sources) {
  const values = readSettings(
    {
      program: PROGRAM,
      summary: 'Serves the API as REST/JSON, with OpenAPI and server-sent events.',
      settings,
    },
    sources,
  );
  const { tls, upstreamTls } = checkAll(PROGRAM, {
    tls: () => serverTlsFromValues(PROGRAM, values),
    upstreamTls: () => upstreamTlsFrom(values.upstreamCa, values.upstreamCert, values.upstreamKey),
  });
  return Object.freeze({
    ...{ ...values, tls, upstreamTls },
    version: packageVersion(),
    graceMs: values.graceSeconds * 1000,
  });
}

function upstreamTlsFrom(ca?: string, cert?: string, key?: string) {
  if (!cert !== !key) {
    throw new UsageError(PROGRAM, ['--upstream-cert and --upstream-key: each needs the other']);
  }
  if (!ca && !cert) return undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

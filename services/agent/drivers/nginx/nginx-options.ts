import { isAbsolute } from 'node:path';
import { type BackendOptions, isAddress } from './backends.ts';

const OPTIONS = [
  ...['listen', 'binary', 'template', 'upstreams', 'ports'],
  ...['listen-tls', 'secrets', 'redirect-port', 'pid-file'],
];
/** Where the world finds TLS, whatever port nginx itself listens on. */
const REDIRECT_PORT_DEFAULT = '443';
/** Paths that need no quoting anywhere. */
const PLAIN_PATH = /^\/[\w./-]*$/;
const TEMPLATE_DEFAULT = '{service}.{namespace}.svc:{port}';
const PORT_MAX = 65_535;

export interface NginxOptions {
  /** Directory of the driver and of its nginx, of its own alone. */
  readonly dir: string;
  /** Name on PATH, or absolute path. */
  readonly binary: string;
  /** IPv4 address or name, and port. */
  readonly listen: string;
  readonly backends: BackendOptions;
  /** Of the nginx that somebody else runs and that includes our file. Absent: one of our own. */
  readonly pidFile?: string | undefined;
  /** Absent: no TLS. */
  readonly tls?: TlsOptions | undefined;
}

export interface TlsOptions {
  /** IPv4 address or name, and port. */
  readonly listen: string;
  /** Directory of the secrets, as `<namespace>/<name>/tls.crt` and `tls.key`. */
  readonly secrets: string;
  /** Port that plain requests are sent to. */
  readonly redirectPort: number;
}

type Options = Readonly<Record<string, string>>;

/** What is wrong with the options, one sentence each. */
export function nginxProblems(options: Options): string[] {
  const known: readonly string[] = OPTIONS;
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  const binary = options['binary'];
  const problems = [
    ...unknown.map((key) => `the driver has no option "${key}", only ${OPTIONS.join(', ')}`),
    ...(isAddress(options['listen'] ?? '') ? [] : ['listen is required: host:port']),
    ...(binary === undefined || isAbsolute(binary) || /^[\w.-]+$/.test(binary)
      ? []
      : ['binary must be a name or an absolute path']),
    ...(isAddress(filled(templateOf(options)))
      ? []
      : ['template must give host:port from {service}, {namespace} and {port}']),
    ...(upstreamsOf(options) ? [] : ['upstreams must be a JSON object of host:port by backend']),
    ...tlsProblems(options),
    ...(PLAIN_PATH.test(options['pid-file'] ?? '/')
      ? []
      : ['pid-file must be an absolute path of letters, digits and ._/-']),
    ...(portsOf(options) ? [] : ['ports must be a JSON object of numbers by port name']),
  ];
  return problems.map((problem) => `--driver-option: ${problem}`);
}

/** The options that `nginxProblems` found good. */
export function nginxOptions(options: Options, dir: string): NginxOptions {
  return {
    dir,
    binary: options['binary'] ?? 'nginx',
    listen: options['listen'] ?? '',
    backends: {
      template: templateOf(options),
      upstreams: upstreamsOf(options) ?? {},
      ports: portsOf(options) ?? {},
    },
    pidFile: options['pid-file'],
    tls: tlsOf(options),
  };
}

function tlsProblems(options: Options): string[] {
  const { 'listen-tls': listen, secrets } = options;
  const port = Number(options['redirect-port'] ?? REDIRECT_PORT_DEFAULT);
  return [
    ...((listen === undefined) === (secrets === undefined)
      ? []
      : ['listen-tls and secrets belong together']),
    ...(listen === undefined || isAddress(listen) ? [] : ['listen-tls must be host:port']),
    ...(secrets === undefined || PLAIN_PATH.test(secrets)
      ? []
      : ['secrets must be an absolute path of letters, digits and ._/-']),
    ...(Number.isInteger(port) && port >= 1 && port <= PORT_MAX
      ? []
      : ['redirect-port must be a port']),
  ];
}

function tlsOf(options: Options): TlsOptions | undefined {
  const { 'listen-tls': listen, secrets } = options;
  if (listen === undefined || secrets === undefined) return undefined;
  const redirectPort = Number(options['redirect-port'] ?? REDIRECT_PORT_DEFAULT);
  return { listen, secrets, redirectPort };
}

function templateOf(options: Options): string {
  return options['template'] ?? TEMPLATE_DEFAULT;
}

function filled(template: string): string {
  return template.replaceAll(/\{(service|namespace)\}/g, 'a').replaceAll('{port}', '1');
}

function upstreamsOf(options: Options): Record<string, string> | undefined {
  return tableOf(options['upstreams'], (value) => typeof value === 'string' && isAddress(value));
}

function portsOf(options: Options): Record<string, number> | undefined {
  const isPort = (value: unknown) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PORT_MAX;
  return tableOf(options['ports'], isPort);
}

function tableOf<T>(text: string | undefined, isGood: (value: unknown) => boolean) {
  try {
    const table: unknown = JSON.parse(text ?? '{}');
    if (typeof table !== 'object' || table === null || Array.isArray(table)) return undefined;
    return Object.values(table).every(isGood) ? (table as Record<string, T>) : undefined;
  } catch {
    return undefined;
  }
}

// Where the services are. The only place that knows environment variables and files of the machine.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { address, list } from '#libs/config';
import type { ClientOptions } from '#libs/grpc';
import { CliError, EXIT } from './exit-codes.ts';

/** The flags that say where the services are. */
export interface EndpointFlags {
  controller?: string;
  aggregator?: string;
  tls?: boolean;
  tlsCa?: string;
  tlsCert?: string;
  tlsKey?: string;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** One kind of service, and how it is named to the command. */
interface Kind {
  name: string;
  flag: 'controller' | 'aggregator';
  variable: string;
  field: 'controllers' | 'aggregators';
}

const KINDS = {
  controller: {
    name: 'a controller',
    flag: 'controller',
    variable: 'ROLLCALL_CONTROLLER',
    field: 'controllers',
  },
  aggregator: {
    name: 'a status aggregator',
    flag: 'aggregator',
    variable: 'ROLLCALL_AGGREGATOR',
    field: 'aggregators',
  },
} as const satisfies Record<string, Kind>;

const endpointsFile = z.object({
  controllers: z.array(z.string()),
  aggregators: z.array(z.string()),
});

/**
 * Addresses of a kind of service: from the flag, else the variable, else the `.local/endpoints.json`
 * of the folder or one above it, which a local system writes. Throws CliError naming all three.
 */
export function addressesOf(
  kind: keyof typeof KINDS,
  flags: EndpointFlags,
  { env, cwd }: { env: Variables; cwd: string },
): readonly string[] {
  const { name, flag, variable, field } = KINDS[kind];
  const [text, source] = flags[flag] ? [flags[flag], `--${flag}`] : [env[variable] ?? '', variable];
  if (text !== '') {
    try {
      return list(text).map(address);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new CliError(`${source}: ${message}`, { code: EXIT.USAGE });
    }
  }
  const found = localEndpoints(cwd)?.[field] ?? [];
  if (found.length > 0) return found;
  throw new CliError(`there is no address of ${name}`, {
    code: EXIT.USAGE,
    details: [
      `give --${flag} HOST:PORT, set ${variable},`,
      'or start a local system with "npm run dev", which writes .local/endpoints.json',
    ],
  });
}

/** How to connect. Undefined: plaintext. */
export function tlsOf(flags: EndpointFlags, env: Variables): ClientOptions['tls'] {
  const ca = fileOf('--tls-ca', flags.tlsCa ?? env['ROLLCALL_TLS_CA']);
  const cert = fileOf('--tls-cert', flags.tlsCert ?? env['ROLLCALL_TLS_CERT']);
  const key = fileOf('--tls-key', flags.tlsKey ?? env['ROLLCALL_TLS_KEY']);
  if (!flags.tls && !ca && !cert && !key) return undefined;
  if (Boolean(cert) !== Boolean(key)) {
    throw new CliError('--tls-cert and --tls-key go together', { code: EXIT.USAGE });
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function fileOf(flag: string, path: string | undefined): Buffer | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = 'cannot be read' } = error as NodeJS.ErrnoException;
    throw new CliError(`${flag} ${path}: ${code}`, { code: EXIT.USAGE });
  }
}

function localEndpoints(cwd: string): z.infer<typeof endpointsFile> | undefined {
  for (const folder of [...foldersAbove(cwd), join(import.meta.dirname, '../..')]) {
    const file = join(folder, '.local', 'endpoints.json');
    if (!existsSync(file)) continue;
    try {
      return endpointsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      throw new CliError(`${file} cannot be read: remove it, or start the local system again`);
    }
  }
  return undefined;
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

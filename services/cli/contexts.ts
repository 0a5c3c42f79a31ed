import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { EndpointFlags, Variables } from './config.ts';
import { CliError, EXIT } from './exit-codes.ts';

const context = z.strictObject({
  controller: z.string().optional(),
  aggregator: z.string().optional(),
  tls: z.boolean().optional(),
  'tls-ca': z.string().optional(),
  'tls-cert': z.string().optional(),
  'tls-key': z.string().optional(),
});

const contextsFile = z.strictObject({
  current: z.string().optional(),
  contexts: z.record(z.string(), context),
});

/**
 * The flags, completed by a context of `$ROLLCALL_CONFIG` or `~/.config/rollcall/config.yaml`: that of
 * `--context`, else of `ROLLCALL_CONTEXT`, else the file's current one. What a flag or a variable says
 * wins. Throws CliError for a file that cannot be used, and for a context that is not in it.
 */
export function flagsWithContext(
  flags: EndpointFlags & { context?: string },
  env: Variables,
): EndpointFlags {
  const path = pathOf(env);
  const asked = flags.context ?? (env['ROLLCALL_CONTEXT'] || undefined);
  const file = path === undefined ? undefined : readContexts(path);
  const name = asked ?? file?.current;
  if (name === undefined) return flags;
  const found = file?.contexts[name];
  if (!found) {
    const names = Object.keys(file?.contexts ?? {}).join(', ') || 'none';
    const details = [`${path ?? 'there is no home folder, and ROLLCALL_CONFIG'} has: ${names}`];
    throw new CliError(`there is no context ${name}`, { code: EXIT.USAGE, details });
  }
  const own = (variable: string, value: string | undefined) => (env[variable] ? undefined : value);
  const filled = {
    controller: own('ROLLCALL_CONTROLLER', found.controller),
    aggregator: own('ROLLCALL_AGGREGATOR', found.aggregator),
    tls: found.tls,
    tlsCa: own('ROLLCALL_TLS_CA', found['tls-ca']),
    tlsCert: own('ROLLCALL_TLS_CERT', found['tls-cert']),
    tlsKey: own('ROLLCALL_TLS_KEY', found['tls-key']),
  };
  const known = Object.entries(filled).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(known) as EndpointFlags), ...flags };
}

function pathOf(env: Variables): string | undefined {
  const { ROLLCALL_CONFIG: named, XDG_CONFIG_HOME: configs, HOME: home } = env;
  if (named) return named;
  const folder = configs || (home && join(home, '.config'));
  return folder ? join(folder, 'rollcall', 'config.yaml') : undefined;
}

function readContexts(path: string): z.infer<typeof contextsFile> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'cannot be read' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CliError(`${path}: ${code}`, { code: EXIT.USAGE });
  }
  try {
    return contextsFile.parse(parse(text));
  } catch (error) {
    const details =
      error instanceof z.ZodError
        ? error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`)
        : ['it is no YAML'];
    throw new CliError(`${path} holds no contexts`, { code: EXIT.USAGE, details });
  }
}

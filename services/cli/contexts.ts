import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parse, parseDocument, stringify } from 'yaml';
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

/** What the file of contexts says. */
export interface Contexts {
  /** Where it is, or would be; undefined: there is no home folder. */
  readonly path: string | undefined;
  readonly contexts: z.infer<typeof contextsFile>['contexts'];
  /** Name of the context that a command takes: of the flag, the variable or the file. */
  readonly chosen: string | undefined;
}

/**
 * The flags, completed by a context of `$ROLLCALL_CONFIG` or `~/.config/rollcall/config.yaml`: that of
 * `--context`, else of `ROLLCALL_CONTEXT`, else the file's current one. What a flag or a variable says
 * wins. Throws CliError for a file that cannot be used, and for a context that is not in it.
 */
export function flagsWithContext(
  flags: EndpointFlags & { context?: string },
  env: Variables,
): EndpointFlags {
  const known = contextsOf(flags, env);
  if (known.chosen === undefined) return flags;
  const found = requireContext(known, known.chosen);
  const own = (variable: string, value: string | undefined) => (env[variable] ? undefined : value);
  const filled = {
    controller: own('ROLLCALL_CONTROLLER', found.controller),
    aggregator: own('ROLLCALL_AGGREGATOR', found.aggregator),
    tls: found.tls,
    tlsCa: own('ROLLCALL_TLS_CA', found['tls-ca']),
    tlsCert: own('ROLLCALL_TLS_CERT', found['tls-cert']),
    tlsKey: own('ROLLCALL_TLS_KEY', found['tls-key']),
  };
  const said = Object.entries(filled).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(said) as EndpointFlags), ...flags };
}

/** The contexts that there are. Throws CliError for a file that cannot be used. */
export function contextsOf(flags: { context?: string }, env: Variables): Contexts {
  const path = pathOf(env);
  const file = path === undefined ? undefined : readContexts(path);
  const asked = flags.context ?? (env['ROLLCALL_CONTEXT'] || undefined);
  return { path, contexts: file?.contexts ?? {}, chosen: asked ?? file?.current };
}

/** Makes a context the file's current one; the rest of the file stays. Throws CliError without it. */
export function chooseContext(known: Contexts, name: string): void {
  requireContext(known, name);
  // What stands behind a link is replaced, with its rights, at once.
  const path = realpathSync(known.path ?? '');
  const fileText = withCurrent(readFileSync(path, 'utf8'), name);
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, fileText, { mode: statSync(path).mode });
  renameSync(fresh, path);
}

/** The file's text with another current context. Written anew only where there was none. */
function withCurrent(text: string, name: string): string {
  const document = parseDocument(text);
  const current = document.get('current', true);
  if (isScalar(current) && current.range) {
    const [from, until] = current.range;
    return `${text.slice(0, from)}${stringify(name).trimEnd()}${text.slice(until)}`;
  }
  document.set('current', name);
  return document.toString({ lineWidth: 0 });
}

function requireContext({ path, contexts }: Contexts, name: string): z.infer<typeof context> {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found) return found;
  const names = Object.keys(contexts).join(', ') || 'none';
  const details = [`${path ?? 'there is no home folder, and ROLLCALL_CONFIG'} has: ${names}`];
  throw new CliError(`there is no context ${name}`, { code: EXIT.USAGE, details });
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

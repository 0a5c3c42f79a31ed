import { CONFIG_ID_RULE, isConfigId, isName, NAME_RULE } from '#libs/keyspace';
import { CliError, EXIT } from './exit-codes.ts';

/** One config in one environment. */
export interface Ref {
  env: string;
  id: string;
}

/** Environments of `--env a,b`. Throws CliError for a bad name. */
export function parseEnvs(text: string): string[] {
  const envs = text.split(',').map((env) => env.trim());
  for (const env of envs) {
    if (!isName(env)) throw usage(`--env ${env}: ${NAME_RULE}`);
  }
  return [...new Set(envs)];
}

/** `ENV/ID`, or `ID` with `--env`. Throws CliError for anything else. */
export function parseRef(text: string, env: string | undefined): Ref {
  const at = text.indexOf('/');
  if (at < 0 && env === undefined) throw usage(`${text}: write ENV/ID, or give --env ENV`);
  const ref =
    at < 0 ? { env: env ?? '', id: text } : { env: text.slice(0, at), id: text.slice(at + 1) };
  if (at >= 0 && env !== undefined && env !== ref.env) {
    throw usage(`${text}: --env says ${env}`);
  }
  if (!isName(ref.env)) throw usage(`${text}: environment: ${NAME_RULE}`);
  if (!isConfigId(ref.id)) throw usage(`${text}: id: ${CONFIG_ID_RULE}`);
  return ref;
}

/** Labels of `k=v,k2=v2`. Throws CliError for anything else. */
export function parseLabels(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw usage(`${pair}: write key=value`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Throws CliError when an option that is about one config is given for several. */
export function requireOne(option: string, value: unknown, count: number): void {
  if (value === undefined || count === 1) return;
  throw usage(`${option} is about one config in one environment, and there are ${count}`);
}

/** A usage error. */
export function usage(message: string): CliError {
  return new CliError(message, { code: EXIT.USAGE });
}

import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { HelpRequested, UsageError } from './errors.ts';

/** One setting of a program. Its flag is its kebab-case name; the environment and a file may set it too. */
export interface Setting<T> {
  /** With its dashes: `--listen`. Absent for what must not stand in a process list. */
  flag?: string;
  /** Environment variable. */
  env?: string;
  /** One line for `--help`. */
  help: string;
  /** Text parsed when nobody sets it; explained in `help` where it is not obvious. */
  default?: string;
  /** Without a default: whether it must be set. An optional one is undefined. */
  required?: boolean;
  /** May be given several times; the texts are joined by commas. */
  repeatable?: boolean;
  /** Needs no value: present means "true". */
  isSwitch?: boolean;
  /** Turns text into a value, or throws an Error whose message completes "--flag: …". */
  parse(text: string): T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
/** The values of a program's settings. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T>
    ? S[K] extends { default: string } | { required: true }
      ? T
      : T | undefined
    : never;
};

/** Where values come from. */
export interface Sources {
  /** Arguments after the program's name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

export interface ProgramSpec<S extends Settings> {
  /** Name shown in the usage line. */
  program: string;
  /** One sentence for `--help`. */
  summary: string;
  settings: S;
}

/**
 * Reads a program's settings: flags win over the environment, that over `--config FILE` (YAML or
 * JSON, keys are the flags without their dashes), that over defaults. Throws HelpRequested for
 * `--help`, and UsageError with every problem at once.
 */
export function readSettings<S extends Settings>(
  spec: ProgramSpec<S>,
  { argv, env }: Sources,
): Values<S> {
  if (argv.includes('--help') || argv.includes('-h')) throw new HelpRequested(helpText(spec));
  const problems: string[] = [];
  const flags = readFlags(spec.settings, argv, problems);
  const path = flags.get('--config') ?? env['ROLLCALL_CONFIG'];
  const file = path === undefined ? new Map<string, string>() : readFile(path, problems);
  checkFileKeys(spec.settings, file, problems);
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(spec.settings)) {
    const [text, label] = lookUp(setting, flags, env, file);
    if (text === undefined) {
      if (setting.required) problems.push(`${label}: is required`);
      continue;
    }
    try {
      values[key] = setting.parse(text);
    } catch (error) {
      problems.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new UsageError(spec.program, problems);
  return Object.freeze(values) as Values<S>;
}

function lookUp(
  setting: Setting<unknown>,
  flags: ReadonlyMap<string, string>,
  env: Sources['env'],
  file: ReadonlyMap<string, string>,
): [text: string | undefined, label: string] {
  const both = [setting.flag, setting.env].filter((name) => name !== undefined).join(' / ');
  const byFlag = setting.flag && flags.get(setting.flag);
  if (setting.flag && byFlag !== undefined) return [byFlag, setting.flag];
  const byEnv = setting.env && env[setting.env];
  if (setting.env && byEnv !== undefined && byEnv !== '') return [byEnv, setting.env];
  const byFile = setting.flag && file.get(setting.flag);
  if (setting.flag && byFile !== undefined) return [byFile, `${setting.flag} in the config file`];
  return [setting.default, both];
}

function readFlags(
  settings: Settings,
  argv: readonly string[],
  problems: string[],
): Map<string, string> {
  const known = new Map(Object.values(settings).map((setting) => [setting.flag, setting]));
  const flags = new Map<string, string>();
  const args = [...argv];
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const [flag, inline] = splitFlag(arg);
    const setting = known.get(flag);
    if (!setting && flag !== '--config') {
      problems.push(`${arg}: is not an option of this program (see --help)`);
      continue;
    }
    const next = setting?.isSwitch ? 'true' : args[0];
    const value = inline ?? next;
    if (value === undefined) {
      problems.push(`${flag}: needs a value`);
      continue;
    }
    if (inline === undefined && !setting?.isSwitch) args.shift();
    const before = flags.get(flag);
    if (before !== undefined && !setting?.repeatable) problems.push(`${flag}: was given twice`);
    flags.set(flag, before !== undefined && setting?.repeatable ? `${before},${value}` : value);
  }
  return flags;
}

function splitFlag(arg: string): [flag: string, value: string | undefined] {
  const at = arg.indexOf('=');
  return arg.startsWith('--') && at > 0 ? [arg.slice(0, at), arg.slice(at + 1)] : [arg, undefined];
}

function readFile(path: string, problems: string[]): Map<string, string> {
  try {
    const body: unknown = parseYaml(readFileSync(path, 'utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Error('must hold one mapping of settings');
    }
    return new Map(Object.entries(body).map(([key, value]) => [`--${key}`, textOf(value)]));
  } catch (error) {
    problems.push(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => `${key}=${textOf(entry)}`)
      .join(',');
  }
  return String(value);
}

function checkFileKeys(
  settings: Settings,
  file: ReadonlyMap<string, string>,
  problems: string[],
): void {
  const known = new Set(Object.values(settings).map((setting) => setting.flag));
  for (const flag of file.keys()) {
    if (!known.has(flag)) problems.push(`${flag.slice(2)} in the config file: is not a setting`);
  }
}

function helpText(spec: ProgramSpec<Settings>): string {
  const rows = Object.values(spec.settings).map((setting) => [
    setting.flag ?? '',
    setting.env ?? '',
    [setting.help, defaultText(setting)].filter((part) => part !== '').join(' '),
  ]);
  rows.push(['--config', 'ROLLCALL_CONFIG', 'YAML or JSON file of settings, without the dashes']);
  rows.push(['--help', '', 'show this text']);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [flagWidth, envWidth] = [width(0), width(1)];
  const lines = rows.map(
    ([flag = '', env = '', help = '']) =>
      `  ${flag.padEnd(flagWidth)}  ${env.padEnd(envWidth)}  ${help}`,
  );
  return [
    `usage: ${spec.program} [options]`,
    '',
    spec.summary,
    '',
    'options (flags win over the environment, the environment over --config):',
    ...lines,
    '',
  ].join('\n');
}

function defaultText(setting: Setting<unknown>): string {
  if (setting.required) return '(required)';
  return setting.default === undefined || setting.default === ''
    ? ''
    : `(default: ${setting.default})`;
}

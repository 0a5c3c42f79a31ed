import { isAbsolute } from 'node:path';
import type { Argv } from './run-command.ts';

/** What the driver can be told to run. */
export const STEPS = ['check', 'apply', 'remove', 'verify', 'list'] as const;
export type Step = (typeof STEPS)[number];

const REQUIRED: readonly Step[] = ['apply', 'remove'];
const OPTIONS: readonly string[] = [...STEPS, 'dir', 'timeout_s'];
const TIMEOUT_DEFAULT_S = 8;
/** Longer than this a config would keep one of the engine's few places. */
const TIMEOUT_MAX_S = 300;

export interface ExecOptions {
  /** Directory of the driver's record of what is in force, of its own alone. */
  dir: string;
  commands: Readonly<Partial<Record<Step, Argv>>> & Readonly<Record<'apply' | 'remove', Argv>>;
  /** Of each command. */
  timeoutMs: number;
}

/** What is wrong with the options, one sentence each. */
export function execProblems(options: Readonly<Record<string, string>>): string[] {
  const unknown = Object.keys(options).filter((key) => !OPTIONS.includes(key));
  const missing = REQUIRED.filter((step) => options[step] === undefined);
  const bad = STEPS.filter((step) => options[step] !== undefined && !parseArgv(options[step]));
  const dir = options['dir'];
  return [
    ...unknown.map((key) => `the driver has no option "${key}", only ${OPTIONS.join(', ')}`),
    ...missing.map((step) => `${step} is required`),
    ...bad.map((step) => `${step} must be an absolute path, or a JSON list of one and arguments`),
    ...(dir !== undefined && !isAbsolute(dir) ? ['dir must be an absolute path'] : []),
    ...(timeoutMsOf(options) === undefined
      ? [`timeout_s must be a number from 0.1 to ${TIMEOUT_MAX_S}`]
      : []),
  ].map((problem) => `--driver-option: ${problem}`);
}

/** The options that `execProblems` found good. */
export function execOptions(
  options: Readonly<Record<string, string>>,
  defaultDir: string,
): ExecOptions {
  const commands = Object.fromEntries(
    STEPS.flatMap((step) => {
      const argv = parseArgv(options[step] ?? '');
      return argv ? [[step, argv] as const] : [];
    }),
  );
  const { apply, remove } = commands;
  const timeoutMs = timeoutMsOf(options);
  if (!apply || !remove || timeoutMs === undefined) throw new RangeError('options with problems');
  return {
    dir: options['dir'] ?? defaultDir,
    commands: { ...commands, apply, remove },
    timeoutMs,
  };
}

function parseArgv(value: string): Argv | undefined {
  if (!value.startsWith('[')) return argvFrom([value]);
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? argvFrom(parsed) : undefined;
  } catch {
    return undefined;
  }
}

function argvFrom(list: readonly unknown[]): Argv | undefined {
  if (!list.every((arg) => typeof arg === 'string' && !arg.includes('\0'))) return undefined;
  const [program, ...args] = list as readonly string[];
  return program !== undefined && isAbsolute(program) ? [program, ...args] : undefined;
}

function timeoutMsOf(options: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(options['timeout_s'] ?? TIMEOUT_DEFAULT_S);
  return seconds >= 0.1 && seconds <= TIMEOUT_MAX_S ? seconds * 1_000 : undefined;
}

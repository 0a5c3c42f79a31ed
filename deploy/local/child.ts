import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary } from './paths.ts';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Standard output and error are appended here; undefined shows them instead. */
  logFile: string | undefined;
}

/** A process of ours. It never outlives this one, not even after SIGKILL. Disposal kills it. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when it has ended. Never rejects. */
  readonly exited: Promise<Exit>;
  hasExited(this: void): boolean;
  /** Sends a signal; nothing happens when it has ended. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal (SIGKILL by default) and waits for the end. */
  kill(name?: NodeJS.Signals): Promise<Exit>;
}

/** Starts a process in a session of its own, so that Ctrl-C reaches only the launcher. */
export function startChild(options: ChildOptions): Child {
  const log = options.logFile === undefined ? 'inherit' : openSync(options.logFile, 'a');
  const spawnOptions: SpawnOptions = {
    stdio: ['ignore', log, log],
    detached: true,
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
  const [command, args] = withDeathSignal(options.command, options.args);
  const child = spawn(command, args, spawnOptions);
  if (typeof log === 'number') closeSync(log);
  return toChild(child);
}

/** The last lines of a log, for an error message. */
export function logTail(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

function toChild(child: ChildProcess): Child {
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: -1, signal: null }));
  });
  const pid = child.pid ?? -1;
  watch(pid, exited);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null || pid === -1;
  const kill = async (name: NodeJS.Signals = 'SIGKILL') => {
    if (!hasExited()) child.kill(name);
    return await exited;
  };
  return {
    pid,
    exited,
    hasExited,
    signal: (name) => {
      if (!hasExited()) child.kill(name);
    },
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
    },
  };
}

/** Whether `setpriv` can have the kernel kill a child together with its parent. Linux only. */
let deathSignalKnown: boolean | undefined;

function hasDeathSignal(): boolean {
  deathSignalKnown ??=
    spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return deathSignalKnown;
}

function withDeathSignal(command: string, args: readonly string[]): [string, string[]] {
  if (!hasDeathSignal()) return [command, [...args]];
  return ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]];
}

let watchdog: ChildProcess | undefined;

/** Without a death signal, a second process watches a pipe that only we hold open. */
function watch(pid: number, exited: Promise<Exit>): void {
  if (hasDeathSignal() || pid === -1) return;
  watchdog ??= startWatchdog();
  const { stdin } = watchdog;
  stdin?.write(`+${pid}\n`);
  void exited.then(() => stdin?.write(`-${pid}\n`));
}

function startWatchdog(): ChildProcess {
  const started = spawn(nodeBinary, [join(import.meta.dirname, 'watchdog.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  started.unref();
  (started.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  void once(started, 'error').catch(() => undefined);
  return started;
}

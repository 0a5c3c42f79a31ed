import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Child, type Exit, startChild } from './child.ts';
import { compileCacheDir, nodeBinary, rootDir } from './paths.ts';
import { untilReady } from './ready.ts';

export type ProgramName = 'controller' | 'status-aggregator' | 'agent' | 'gateway';

export interface ProgramOptions {
  program: ProgramName;
  args: readonly string[];
  /** Added to this process's environment. */
  env?: NodeJS.ProcessEnv;
  /** Standard output and error are appended here. */
  logFile: string;
}

/** A running service. Disposal stops it with SIGTERM, and kills it when that takes too long. */
export interface Program extends AsyncDisposable {
  /** `host:port` of its gRPC server; the gateway's is HTTP. */
  readonly address: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  hasExited(): boolean;
  readonly logFile: string;
  /** SIGTERM; waits for the end, and kills it after 15 s. */
  stop(): Promise<Exit>;
  /** SIGKILL; waits for the end. */
  kill(): Promise<void>;
  /** Sends a signal without waiting, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
}

/** Above the 10 s of grace that the programs give the calls in flight. */
const STOP_TIMEOUT_MS = 15_000;

/** Starts a service and waits for its `serving` line. Throws StartError with the end of its log. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { child, logFile, from } = launchProgram(options);
  const address = await untilReady(
    options.program,
    child,
    logFile,
    async () => await Promise.resolve(servingAddress(logFile, from)),
  );
  return {
    address,
    pid: child.pid,
    exited: child.exited,
    hasExited: child.hasExited,
    logFile,
    stop: async () => await stop(child),
    kill: async () => {
      await child.kill();
    },
    signal: (name) => child.signal(name),
    [Symbol.asyncDispose]: async () => {
      await stop(child);
    },
  };
}

/** Starts a service and waits for nothing: for one that is expected to refuse. */
export function launchProgram({ program, args, env, logFile }: ProgramOptions): {
  child: Child;
  logFile: string;
  /** Where its part of the log begins. */
  from: number;
} {
  mkdirSync(dirname(logFile), { recursive: true });
  const from = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const child = startChild({
    command: nodeBinary,
    args: [join(rootDir, 'services', program, 'main.ts'), ...args],
    env: { NODE_COMPILE_CACHE: compileCacheDir, ...process.env, ...env },
    logFile,
  });
  return { child, logFile, from };
}

async function stop(child: Child): Promise<Exit> {
  const timer = setTimeout(() => child.signal('SIGKILL'), STOP_TIMEOUT_MS);
  try {
    return await child.kill('SIGTERM');
  } finally {
    clearTimeout(timer);
  }
}

function servingAddress(logFile: string, from: number): string | undefined {
  const log = readFileSync(logFile).subarray(from).toString('utf8');
  for (const line of log.split('\n')) {
    if (!line.startsWith('{') || !line.includes('"serving"')) continue;
    const entry = parse(line);
    if (entry?.msg === 'serving') return entry.address;
  }
  return undefined;
}

function parse(line: string): { msg?: string; address?: string } | undefined {
  try {
    return JSON.parse(line) as { msg?: string; address?: string };
  } catch {
    return undefined; // The line is still being written.
  }
}

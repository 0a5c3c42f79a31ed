import { type ChildProcess, spawn } from 'node:child_process';
import { deadlineSignal } from '#libs/lifecycle';

/** Between asking a command to end and killing it. */
const TERM_GRACE_MS = 500;
/** Nothing of the agent's own environment, which holds passwords, reaches a command. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
} as const;

/** A program and its arguments: constant, no shell between. */
export type Argv = readonly [program: string, ...args: string[]];

export interface CommandRun {
  argv: Argv;
  /** Added to a minimal environment. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Of each of the two outputs; the rest is read and dropped. */
  outputBytesMax: number;
}

/** How a command ended. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: Kept; readonly stderr: Kept }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'not_started'; readonly cause: unknown };

/** The beginning of an output. */
export interface Kept {
  readonly text: string;
  /** False: there was more. */
  readonly whole: boolean;
}

/**
 * Runs a command in a process group of its own. Resolves when it has ended and the rest of its group
 * was killed, so that nothing of it works on afterwards. Throws the reason of the signal, after the
 * same.
 */
export async function runCommand(run: CommandRun, signal: AbortSignal): Promise<CommandEnd> {
  signal.throwIfAborted();
  using limit = deadlineSignal(signal, run.timeoutMs);
  let child: ChildProcess;
  try {
    child = start(run);
  } catch (cause) {
    return { kind: 'not_started', cause };
  }
  const stdout = keepOutput(child.stdout, run.outputBytesMax);
  const stderr = keepOutput(child.stderr, run.outputBytesMax);
  const end = await ended(child, limit.signal);
  signal.throwIfAborted();
  if (end.kind === 'failed') return { kind: 'not_started', cause: end.cause };
  if (limit.signal.aborted) return { kind: 'timeout' };
  if (end.code === null) return { kind: 'killed', signal: end.signal ?? 'unknown' };
  return { kind: 'exited', code: end.code, stdout: stdout(), stderr: stderr() };
}

function start({ argv, env }: CommandRun): ChildProcess {
  return spawn(argv[0], argv.slice(1), {
    cwd: '/',
    env: { ...ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: its group can be signalled as a whole.
    detached: true,
  });
}

type RawEnd =
  | { kind: 'failed'; cause: unknown }
  | { kind: 'ended'; code: number | null; signal: string | null };

async function ended(child: ChildProcess, limit: AbortSignal): Promise<RawEnd> {
  let killing: NodeJS.Timeout | undefined;
  const giveUp = () => {
    killGroup(child, 'SIGTERM');
    killing = setTimeout(() => killGroup(child, 'SIGKILL'), TERM_GRACE_MS);
  };
  try {
    return await new Promise<RawEnd>((resolve) => {
      child.once('error', (cause) => resolve({ kind: 'failed', cause }));
      // What a command left behind would hold the outputs open: they close once it is killed, too.
      child.once('exit', () => killGroup(child, 'SIGKILL'));
      child.once('close', (code, signal) => resolve({ kind: 'ended', code, signal }));
      if (limit.aborted) giveUp();
      else limit.addEventListener('abort', giveUp, { once: true });
    });
  } finally {
    clearTimeout(killing);
    limit.removeEventListener('abort', giveUp);
  }
}

function killGroup({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group has ended already.
  }
}

/** Reads to the end, so that the command never blocks, and keeps the beginning. */
function keepOutput(
  stream: NodeJS.ReadableStream | null | undefined,
  bytesMax: number,
): () => Kept {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Without descriptors left there is no stream, and the error comes as an event.
  stream?.on('data', (chunk: Buffer) => {
    if (bytes < bytesMax) chunks.push(chunk.subarray(0, bytesMax - bytes));
    bytes += chunk.length;
  });
  return () => ({ text: Buffer.concat(chunks).toString('utf8'), whole: bytes <= bytesMax });
}

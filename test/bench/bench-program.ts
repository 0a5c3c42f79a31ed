import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeBinary } from '#local';
import type { Round, RoundResult, Said } from './floors/program.ts';

/** For a program to start and prepare its data. */
const START_TIMEOUT_MS = 60_000;

/** Beyond the time that a round was given: for the operation in flight. */
const ROUND_GRACE_MS = 60_000;

/** A program of `floors/`, as a process of its own. Disposal kills it. */
export interface BenchProgram extends AsyncDisposable {
  readonly pid: number;
  /** Where it serves; empty when it only calls. */
  readonly address: string;
  /** Measures once; one round at a time. Throws what the program says when it fails. */
  run(round: Round): Promise<RoundResult>;
}

/** Starts `floors/<name>.ts` and waits until it is ready. */
export async function startBenchProgram(
  name: string,
  args: readonly string[],
): Promise<BenchProgram> {
  const child = fork(join(import.meta.dirname, 'floors', `${name}.ts`), args, {
    execPath: nodeBinary,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const ready = await nextSaid(child, name, START_TIMEOUT_MS).catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  return {
    pid: child.pid ?? -1,
    address: ready.kind === 'ready' ? ready.address : '',
    run: async (round) => {
      const said = nextSaid(child, name, round.seconds * 1_000 + ROUND_GRACE_MS);
      child.send(round);
      const answer = await said;
      if (answer.kind === 'result') return answer.result;
      throw new Error(`${name}: ${answer.kind === 'failed' ? answer.message : 'no result'}`);
    },
    [Symbol.asyncDispose]: kill,
  };
}

async function nextSaid(child: ChildProcess, name: string, timeoutMs: number): Promise<Said> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs)]);
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`${name} has ended`);
  });
  try {
    const [said] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Said];
    return said;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`${name} said nothing for ${timeoutMs} ms`, { cause: error });
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}

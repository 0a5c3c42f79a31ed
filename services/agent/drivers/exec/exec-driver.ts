/**
 * The driver that runs commands. A command gets its data in a file and in environment variables; its
 * exit code tells how it went. The driver keeps a record of what the commands put in force, one file a
 * config, written after `apply` succeeded: a crash between the two leaves the older record, and the
 * version is applied again. So a command must take a repeat, and leave the old version when it fails.
 */
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  errorCode,
  makeDir,
  readRegularFile,
  removeFile,
  removeTemporaries,
  replaceFile,
} from '#libs/files';
import { isConfigId } from '#libs/keyspace';
import {
  contentHash,
  type Driver,
  type DriverConfig,
  DriverError,
  type Installed,
} from '../driver.ts';
import { cleanedOutput } from './cleaned-output.ts';
import type { ExecOptions, Step } from './exec-options.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

/** Exit code for what can never be put in force: EX_DATAERR of sysexits.h. */
export const REJECTED_EXIT_CODE = 65;
/** Commands of one call that may follow each other, and the kill of the last. */
const CALL_MARGIN_MS = 2_000;
/** Of a command's outputs; a status takes far less. */
const OUTPUT_BYTES_MAX = 16_384;
/** Room for a listing of 10,000 configs with the longest ids. */
const LIST_BYTES_MAX = 4 * 1_024 * 1_024;
const SUFFIX = '.json';
/** Longest file name that Linux file systems take. */
const ID_BYTES_MAX = 255 - SUFFIX.length;
const LISTED = /^(\S+) ([0-9a-f]{64})$/;

/** Opens the driver; its directory is made when missing. Options are those of `execOptions`. */
export async function openExecDriver(options: ExecOptions): Promise<Driver> {
  await makeDir(options.dir);
  const dir = await realpath(options.dir);
  const inForce = join(dir, 'in-force');
  const offered = join(dir, 'offered');
  for (const made of [inForce, offered]) {
    await makeDir(made);
    await removeTemporaries(made);
  }
  // What was offered when an earlier agent died.
  for (const name of await readdir(offered)) await rm(join(offered, name), { force: true });
  return new ExecDriver(options, { inForce, offered });
}

interface Command {
  step: Step;
  config: Pick<DriverConfig, 'id'> & Partial<DriverConfig>;
  /** The file that the command reads. */
  file?: string;
  outputBytesMax?: number;
}

class ExecDriver implements Driver {
  readonly name = 'exec';
  readonly callTimeoutMs: number;
  readonly #commands: ExecOptions['commands'];
  readonly #timeoutMs: number;
  readonly #inForce: string;
  readonly #offered: string;
  #offers = 0;

  constructor(
    { commands, timeoutMs }: ExecOptions,
    { inForce, offered }: { inForce: string; offered: string },
  ) {
    this.#commands = commands;
    this.#timeoutMs = timeoutMs;
    this.callTimeoutMs = timeoutMs + CALL_MARGIN_MS;
    this.#inForce = inForce;
    this.#offered = offered;
  }

  async validate(config: DriverConfig, signal: AbortSignal): Promise<void> {
    checkId(config.id);
    if (this.#commands.check) await this.#offer('check', config, signal);
  }

  async apply(config: DriverConfig, signal: AbortSignal): Promise<void> {
    checkId(config.id);
    await this.#offer('apply', config, signal);
    await onDisk('note what is in force', async () => {
      await makeDir(this.#inForce);
      await replaceFile(this.#inForce, config.id + SUFFIX, config.content);
    });
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    checkId(id);
    // Also without a record of it: a crash may have come before the record.
    await this.#run({ step: 'remove', config: { id } }, signal);
    await onDisk('note what is gone', () => removeFile(this.#inForce, id + SUFFIX));
  }

  async verify(config: DriverConfig, signal: AbortSignal) {
    checkId(config.id);
    const file = join(this.#inForce, config.id + SUFFIX);
    const bytes = await onDisk('read what is in force', () => readRegularFile(file));
    if (!bytes?.equals(Buffer.from(config.content))) {
      throw new DriverError('retry', 'NOT_IN_FORCE', 'another content was applied');
    }
    if (!this.#commands.verify) return { level: 'APPLIED', method: 'exec apply' } as const;
    await this.#run({ step: 'verify', config, file }, signal);
    return { level: 'VERIFIED', method: 'exec verify' } as const;
  }

  async *list(signal: AbortSignal): AsyncGenerator<Installed> {
    if (this.#commands.list) yield* await this.#listed(signal);
    else yield* this.#recorded(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A command ends within the call that runs it.
  }

  /** Runs a command about a file that is there until the command has ended. */
  async #offer(step: Step, config: DriverConfig, signal: AbortSignal): Promise<void> {
    this.#offers += 1;
    // Two calls about one config may overlap when the first was given up: they share no file.
    const name = `${this.#offers}${SUFFIX}`;
    await onDisk('write what is offered', async () => {
      await makeDir(this.#offered);
      await replaceFile(this.#offered, name, config.content);
    });
    try {
      await this.#run({ step, config, file: join(this.#offered, name) }, signal);
    } finally {
      await rm(join(this.#offered, name), { force: true }).catch(() => undefined);
    }
  }

  async #run({ step, config, file, outputBytesMax }: Command, signal: AbortSignal) {
    const argv = this.#commands[step];
    if (!argv) throw new RangeError(`no command for ${step}`);
    const end = await runCommand(
      {
        argv,
        env: environmentOf(step, config, file),
        timeoutMs: this.#timeoutMs,
        outputBytesMax: outputBytesMax ?? OUTPUT_BYTES_MAX,
      },
      signal,
    );
    if (end.kind === 'exited' && end.code === 0) return end.stdout;
    throw toError(step, end, config.content ?? '');
  }

  async #listed(signal: AbortSignal): Promise<Installed[]> {
    const command = { step: 'list', config: { id: '' }, outputBytesMax: LIST_BYTES_MAX } as const;
    const { text, whole } = await this.#run(command, signal);
    if (!whole) throw new DriverError('retry', 'LIST_TOO_LONG', 'the list command said too much');
    const lines = text.split('\n').filter((line) => line !== '');
    const installed = lines.map((line) => {
      const [, id = '', hash = ''] = LISTED.exec(line) ?? [];
      return { id, hash };
    });
    const ids = new Set(installed.map(({ id }) => id));
    if (ids.size !== lines.length || ![...ids].every(isConfigId)) {
      throw new DriverError('retry', 'LIST_UNREADABLE', 'the list command broke its format');
    }
    return installed;
  }

  async *#recorded(signal: AbortSignal): AsyncGenerator<Installed> {
    const names = await onDisk('list what is in force', () => readdir(this.#inForce));
    for (const name of names) {
      signal.throwIfAborted();
      const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
      if (isConfigId(id)) yield { id, hash: await this.#recordedHash(name) };
    }
  }

  /** A record that cannot be read as ours, such as a link, is not what was applied. */
  async #recordedHash(name: string): Promise<string> {
    try {
      const bytes = await readRegularFile(join(this.#inForce, name));
      return bytes === undefined ? '' : contentHash(bytes);
    } catch (error) {
      return `unreadable: ${errorCode(error)}`;
    }
  }
}

/** What a command is told. No text of the config: that is in the file. */
function environmentOf(step: Step, { id, generation, digest }: Command['config'], file?: string) {
  return {
    ROLLCALL_STEP: step,
    ...(id !== '' && { ROLLCALL_ID: id }),
    ...(generation !== undefined && { ROLLCALL_GENERATION: String(generation) }),
    ...(digest !== undefined && { ROLLCALL_DIGEST: digest }),
    ...(file !== undefined && { ROLLCALL_FILE: file }),
  };
}

function toError(step: Step, end: CommandEnd, content: string): DriverError {
  if (end.kind === 'exited') return exitError(step, { ...end, content });
  const [word, message] = unexitedMessage(step, end);
  const options = end.kind === 'not_started' ? { cause: end.cause } : undefined;
  return new DriverError('retry', `${step.toUpperCase()}_${word}`, message, options);
}

function unexitedMessage(
  step: Step,
  end: Exclude<CommandEnd, { kind: 'exited' }>,
): readonly [word: string, message: string] {
  if (end.kind === 'timeout') return ['TIMEOUT', `the ${step} command took too long`];
  if (end.kind === 'killed') return ['KILLED', `${end.signal} ended the ${step} command`];
  const code = errorCode(end.cause) || 'unknown error';
  return ['NOT_STARTED', `the ${step} command could not start: ${code}`];
}

function exitError(
  step: Step,
  { code, stderr, content }: { code: number; stderr: { text: string }; content: string },
): DriverError {
  const mayReject = step === 'check' || step === 'apply';
  const isRejected = mayReject && code === REJECTED_EXIT_CODE;
  const said = cleanedOutput(stderr.text, content);
  const what = `the ${step} command ${isRejected ? 'refused' : `ended with ${code}`}`;
  const reason = `${step.toUpperCase()}_${isRejected ? 'REJECTED' : 'FAILED'}`;
  const message = said === '' ? what : `${what}: ${said}`;
  return new DriverError(isRejected ? 'rejected' : 'retry', reason, message);
}

/** The id is a file's name and an environment variable. */
function checkId(id: string): void {
  if (!isConfigId(id)) throw new DriverError('rejected', 'BAD_ID', 'the id is no name of a config');
  if (Buffer.byteLength(id) > ID_BYTES_MAX) {
    const message = `a file's name has room for ${ID_BYTES_MAX} bytes`;
    throw new DriverError('rejected', 'ID_TOO_LONG', message);
  }
}

async function onDisk<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error) || 'IO_ERROR';
    throw new DriverError('retry', code, `cannot ${what}: ${code}`, { cause: error });
  }
}

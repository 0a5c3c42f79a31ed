import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { deadlineSignal, sleep } from '#libs/lifecycle';
import { DriverError } from '../driver.ts';
import { runCommand } from '../exec/run-command.ts';
import { endOrphans, servingWorkers } from './nginx-workers.ts';
import { RESERVED_PATH } from './route-reader.ts';

/** Of one `nginx -t`; names of backends are looked up in it. */
const CHECK_TIMEOUT_MS = 10_000;
/** A reload that takes longer hangs. */
const RELOAD_TIMEOUT_MS = 10_000;
const ASK_TIMEOUT_MS = 1_000;
const POLL_MS = 20;
const OUTPUT_BYTES_MAX = 16_384;

export interface NginxProcessOptions {
  /** nginx's prefix: configuration, process id and temporary folders are below it. */
  readonly prefix: string;
  readonly binary: string;
  /** Of an nginx that somebody else starts and stops, and that includes our file. Absent: ours. */
  readonly pidFile: string | undefined;
  readonly listen: string;
  readonly listenTls: string | undefined;
}

/** The nginx of one prefix, or one that somebody else runs. It outlives this process: what it serves does not depend on the agent. */
export class NginxProcess {
  readonly #options: NginxProcessOptions;

  constructor(options: NginxProcessOptions) {
    this.#options = options;
  }

  /** What nginx says against a file of the prefix; undefined when it takes it. */
  async check(file: string, signal: AbortSignal): Promise<string | undefined> {
    const argv = [this.#options.binary, ...this.#arguments(file), '-q', '-t'] as const;
    const run = { argv, env: {}, timeoutMs: CHECK_TIMEOUT_MS, outputBytesMax: OUTPUT_BYTES_MAX };
    const end = await runCommand(run, signal);
    if (end.kind === 'exited') return end.code === 0 ? undefined : end.stderr.text || 'no reason';
    throw new DriverError('retry', 'CHECK_FAILED', `nginx -t did not end by itself: ${end.kind}`);
  }

  /**
   * Has nginx read `file` again, or starts it where it is ours, and resolves when new workers, and no others, answer
   * with `marker`. Throws a DriverError after 10 s.
   */
  async reload(file: string, marker: string, signal: AbortSignal): Promise<void> {
    using limit = deadlineSignal(signal, RELOAD_TIMEOUT_MS);
    const pid = await this.pid();
    const former = pid === undefined ? [] : await servingWorkers(pid);
    if (pid !== undefined) process.kill(pid, 'SIGHUP');
    else if (this.#options.pidFile === undefined) await this.#start(file);
    else throw new DriverError('retry', 'NGINX_DOWN', 'no nginx runs that the pid-file names');
    while (!limit.signal.aborted) {
      if (await this.#serves(marker, former)) return;
      await sleep(POLL_MS);
    }
    signal.throwIfAborted();
    const reason = (await this.pid()) === undefined ? 'NGINX_DOWN' : 'RELOAD_TIMEOUT';
    throw new DriverError('retry', reason, `nginx did not serve within ${RELOAD_TIMEOUT_MS} ms`);
  }

  /** Whether a request for this host is answered with the marker. */
  async answers(host: string, marker: string, over: 'plain' | 'tls' = 'plain'): Promise<boolean> {
    const { listen, listenTls = '' } = this.#options;
    const [address, port] = (over === 'tls' ? listenTls : listen).split(':');
    // Who answers is told by the marker; whether clients trust the certificate is their matter.
    const tls = { servername: host, rejectUnauthorized: false };
    const asked = (over === 'tls' ? requestTls : request)({
      ...(over === 'tls' && tls),
      ...{ host: address, port, agent: false, signal: AbortSignal.timeout(ASK_TIMEOUT_MS) },
      path: `${RESERVED_PATH}/${marker}`,
      headers: { host: host === '' ? `${marker.slice(0, 32)}.invalid` : host },
    });
    return await new Promise<boolean>((resolve) => {
      asked.once('error', () => resolve(false));
      asked.once('response', (response) => {
        let body = '';
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => {
          body = (body + chunk).slice(0, marker.length + 1);
        });
        response.once('error', () => resolve(false));
        response.once('end', () => resolve(response.statusCode === 200 && body === marker));
      });
      asked.end();
    });
  }

  /** Of the master process, which runs with this prefix where it is ours; undefined when there is none. */
  async pid(): Promise<number | undefined> {
    const { prefix, pidFile } = this.#options;
    try {
      const pid = Number(await readFile(this.#pidFile, 'utf8'));
      // The number may belong to somebody else by now.
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1');
      const isOurs =
        command.startsWith('nginx: master') &&
        (pidFile !== undefined || command.includes(` -p ${prefix} `));
      return pid > 1 && isOurs ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /** Only the new generation: a worker of the former one takes connections until it is told to end. */
  async #serves(marker: string, former: readonly string[] = []): Promise<boolean> {
    if (!(await this.answers('', marker))) return false;
    const pid = await this.pid();
    if (pid === undefined) return false;
    const workers = await servingWorkers(pid);
    if (workers && (workers.length === 0 || workers.some((worker) => former.includes(worker)))) {
      return false;
    }
    return await this.answers('', marker);
  }

  async #start(file: string): Promise<void> {
    await endOrphans(Number(await readFile(this.#pidFile, 'utf8').catch(() => '')));
    const argv = [...this.#arguments(file), '-g', 'daemon off;'];
    const options = { cwd: '/', detached: true, stdio: 'ignore' } as const;
    const child = spawn(this.#options.binary, argv, options);
    // That it did not start shows in its silence.
    child.once('error', () => undefined);
    child.unref();
  }

  get #pidFile(): string {
    return this.#options.pidFile ?? join(this.#options.prefix, 'nginx.pid');
  }

  #arguments(file: string): string[] {
    const { prefix } = this.#options;
    return ['-p', prefix, '-c', join(prefix, file), '-e', 'stderr'];
  }
}

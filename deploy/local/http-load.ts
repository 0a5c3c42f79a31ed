import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { sleep } from '#libs/lifecycle';

const REQUEST_TIMEOUT_MS = 5_000;
/** Between two requests of one client. */
const PAUSE_MS = 5;
/** Failures told in words. */
const TOLD_MAX = 5;

/** What was asked of whom. */
export interface HttpTarget {
  readonly port: number;
  readonly host: string;
  readonly path: string;
}

/** A server may close a connection that is kept, at the very moment in which it is used again. */
class ClosedConnectionError extends Error {}

/** The body of the answer when its status is 200, else the status. */
export async function askHttp({ port, host, path }: HttpTarget, agent?: Agent): Promise<string> {
  const asked = request({
    ...{ host: '127.0.0.1', port, path, agent: agent ?? false, headers: { host } },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  asked.end();
  return await answerOf(asked).catch((error: unknown) => {
    const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (isReset && asked.reusedSocket) throw new ClosedConnectionError();
    throw error;
  });
}

async function answerOf(asked: ClientRequest): Promise<string> {
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return response.statusCode === 200 ? body : String(response.statusCode);
}

/** What became of the requests of a load. */
export interface LoadResult {
  readonly requests: number;
  readonly failures: number;
  /** Requests that were sent once more, as RFC 9112 (9.3.1) has clients do, on another connection. */
  readonly repeated: number;
  /** The first few, in words. */
  readonly told: readonly string[];
}

/**
 * Asks again and again until the signal fires, by clients that keep their connection and by others that
 * open one for each request.
 */
export async function runLoad(
  target: HttpTarget,
  expected: string,
  { clients, signal }: { clients: number; signal: AbortSignal },
): Promise<LoadResult> {
  let requests = 0;
  const told: string[] = [];
  let failures = 0;
  let repeated = 0;
  const client = async (agent: Agent | undefined) => {
    while (!signal.aborted) {
      const answer = await askHttp(target, agent)
        .catch((error: unknown) => {
          if (!(error instanceof ClosedConnectionError)) throw error;
          repeated += 1;
          return askHttp(target);
        })
        .catch((error: unknown) => String(error));
      requests += 1;
      if (answer !== expected) {
        failures += 1;
        if (told.length < TOLD_MAX) told.push(answer);
      }
      await sleep(PAUSE_MS);
    }
  };
  const kept = new Agent({ keepAlive: true, maxSockets: clients });
  const all = Array.from({ length: clients }, (_, index) =>
    client(index % 2 === 0 ? kept : undefined),
  );
  await Promise.all(all);
  kept.destroy();
  return { requests, failures, repeated, told };
}

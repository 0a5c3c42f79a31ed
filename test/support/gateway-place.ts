// A gateway in front of a system, and a caller of it.

import { join } from 'node:path';
import { type Program, startProgram } from '#local';
import type { System } from './system.ts';

/** What the gateway answered. */
export interface RestAnswer {
  status: number;
  type: string;
  headers: Headers;
  /** Parsed JSON. */
  body: Record<string, unknown>;
}

export interface RestCall {
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** A gateway as a process of its own. Disposal stops it. */
export interface GatewayPlace extends AsyncDisposable {
  readonly program: Program;
  readonly url: string;
  call(verb: string, path: string, options?: RestCall): Promise<RestAnswer>;
}

const CALL_MS = 30_000;

/** Starts a gateway for the services of a system that has no TLS. */
export async function openGateway(
  system: System,
  args: readonly string[] = [],
): Promise<GatewayPlace> {
  const controllers = system.controllers.map(({ program }) => program.address).join(',');
  const program = await startProgram({
    program: 'gateway',
    args: [
      ...['--name', 'gateway-1', '--listen', '127.0.0.1:0'],
      ...['--controllers', controllers, '--aggregators', system.aggregator.program.address],
      ...args,
    ],
    logFile: join(system.dir, 'gateway-1.log'),
  });
  const url = `http://${program.address}`;
  return {
    program,
    url,
    call: async (verb, path, { body, headers = {} } = {}) => {
      const response = await fetch(url + path, {
        method: verb,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && {
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        headers: response.headers,
        body: (await response.json()) as Record<string, unknown>,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await program.stop();
    },
  };
}

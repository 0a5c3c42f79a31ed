import { type DescMethod, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { invalidArgument } from '#libs/grpc';
import type { Api, Endpoint } from '../transcode/endpoints.ts';
import { durationMs } from './call-options.ts';
import type { Calls } from './calls.ts';
import { type Problem, problemOf } from './problem.ts';

/** The query parameter. */
export const WAIT = 'wait';
const CONFIG = 'rollcall.v1.IngressConfig';

/** What a wait adds to the answer of a write. */
export type WaitPart = { wait: JsonObject } | { waitProblem: Problem };

/** Whether a method writes a config, whose rollout can be waited for. */
export function canWait({ verb, method }: Endpoint): boolean {
  const config = method.output.fields.find(({ name }) => name === 'config');
  return verb !== 'GET' && config?.message?.typeName === CONFIG;
}

/** Takes `wait` out of the query: how long to wait; undefined: not at all. Throws StatusError. */
export function takeWait(query: URLSearchParams, endpoint: Endpoint): number | undefined {
  const text = query.get(WAIT);
  if (text === null || !canWait(endpoint)) return undefined;
  query.delete(WAIT);
  return durationMs(WAIT, text);
}

/** Throws StatusError when there will be nothing to wait for. */
export function requireWritten(body: unknown): void {
  const { validateOnly, validate_only } = (body ?? {}) as Record<string, unknown>;
  if (validateOnly !== true && validate_only !== true) return;
  throw invalidArgument([{ field: WAIT, description: 'cannot be used with validate_only' }]);
}

export interface WaitOptions {
  waitMs: number;
  signal: AbortSignal;
  headers: Readonly<Record<string, string>>;
}

/** Waits for the rollout of what was written. The write stands, so that a failure is part of the answer. */
export async function waitFor(
  config: JsonObject,
  { api, calls }: { api: Api; calls: Calls },
  { waitMs, signal, headers }: WaitOptions,
): Promise<WaitPart> {
  const method = methodOf(api);
  const request = fromJson(
    method.input,
    {
      envs: [config['env'] ?? ''],
      id: config['id'] ?? '',
      generation: config['generation'] ?? '0',
      waitFor: config['deleted'] === true ? 'WAIT_FOR_DELETED' : 'WAIT_FOR_COMPLETE',
      ...(config['after'] && { after: config['after'] }),
    },
    { registry: api.registry },
  );
  try {
    const timeoutMs = waitMs;
    return { wait: await calls.unary(method, request, { signal, headers, timeoutMs }) };
  } catch (error) {
    return { waitProblem: problemOf(error, { isConditional: false }) };
  }
}

function methodOf({ registry }: Api): DescMethod {
  const service = registry.getService('rollcall.v1.StatusAggregator');
  const method = service?.methods.find(({ name }) => name === 'WaitForCompletion');
  if (!method) throw new Error('the descriptors have no WaitForCompletion');
  return method;
}

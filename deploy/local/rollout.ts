import { randomUUID } from 'node:crypto';
import { ExitError } from '#libs/config';
import { type GrpcClient, RpcError } from '#libs/grpc';
import { sleep } from '#libs/lifecycle';
import type {
  Completion,
  ControllerDefinition,
  IngressConfig,
  StatusAggregatorDefinition,
} from '#proto';
import type { Example } from './examples.ts';

/** The services that a rollout talks to, as any caller would. */
export interface Callers {
  controllers: readonly GrpcClient<ControllerDefinition>[];
  aggregator: GrpcClient<StatusAggregatorDefinition>;
  signal: AbortSignal;
}

/** One config that reached its goal in one environment. */
export interface Arrival {
  env: string;
  id: string;
  completion: Completion;
  /** From the call of Set or Delete to the aggregator's answer. */
  ms: number;
}

/** A machine at full load may be slow; a rollout that needs longer is broken. */
const WAIT_TIMEOUT_MS = 60_000;

const CALL_TIMEOUT_MS = 10_000;

/** A server that drains or a database that is slow for a moment; each try is safe to repeat. */
const ATTEMPTS_MAX = 5;
const RETRY_MS = 200;

/** Sets the examples in an environment, each when the one before is complete; tells of each. */
export async function rollOut(
  callers: Callers,
  env: string,
  examples: readonly Example[],
  onArrival: (arrival: Arrival) => void,
): Promise<void> {
  for (const example of examples) onArrival(await setAndWait(callers, env, example));
}

/** Sets one config and waits until every live agent has it; lost ones are exceptions. */
export async function setAndWait(
  callers: Callers,
  env: string,
  { id, labels, config, completionPolicy }: Example,
): Promise<Arrival> {
  const start = performance.now();
  const requestId = randomUUID();
  const answer = await repeated(callers.signal, async () =>
    controllerOf(callers).call(
      'SetIngressConfig',
      {
        ...{ env, id, labels, configJson: JSON.stringify(config), requestId },
        ...(completionPolicy && { completionPolicy }),
      },
      { timeoutMs: CALL_TIMEOUT_MS, signal: callers.signal },
    ),
  );
  const completion = await waitFor(callers, required(answer.config), 'WAIT_FOR_COMPLETE');
  return { env, id, completion, ms: performance.now() - start };
}

/** Deletes one config and waits until it is proven to be gone everywhere. */
export async function deleteAndWait(callers: Callers, env: string, id: string): Promise<Arrival> {
  const start = performance.now();
  const requestId = randomUUID();
  const answer = await repeated(callers.signal, async () =>
    controllerOf(callers).call(
      'DeleteIngressConfig',
      { env, id, requestId },
      { timeoutMs: CALL_TIMEOUT_MS, signal: callers.signal },
    ),
  );
  const completion = await waitFor(callers, required(answer.config), 'WAIT_FOR_DELETED');
  return { env, id, completion, ms: performance.now() - start };
}

async function waitFor(
  { aggregator, signal }: Callers,
  { env, id, generation, after }: IngressConfig,
  goal: 'WAIT_FOR_COMPLETE' | 'WAIT_FOR_DELETED',
): Promise<Completion> {
  const answer = await repeated(signal, async () =>
    aggregator.call(
      'WaitForCompletion',
      { envs: [env], id, generation, after, waitFor: goal },
      { timeoutMs: WAIT_TIMEOUT_MS, signal },
    ),
  );
  const completion = required(answer.completions[0]);
  if (!answer.outcome.startsWith('WAIT_OUTCOME_DONE')) {
    const blockers = completion.blockers.map(({ agent, reason }) => `${agent} ${reason}`);
    throw new ExitError(1, `${env}/${id}: ${answer.outcome}: ${blockers.join(', ')}`);
  }
  return completion;
}

let calls = 0;

/** The controllers in turn: any of them answers any call. */
function controllerOf({ controllers }: Callers): GrpcClient<ControllerDefinition> {
  calls += 1;
  return required(controllers[calls % controllers.length]);
}

/** Repeats a call that is idempotent while its server says UNAVAILABLE. */
async function repeated<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const isPassing = error instanceof RpcError && error.codeName === 'UNAVAILABLE';
      if (!isPassing || attempt === ATTEMPTS_MAX) throw error;
      await sleep(RETRY_MS * attempt, signal);
    }
  }
}

function required<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('an answer lacks its message');
  return value;
}

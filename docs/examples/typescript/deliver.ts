// Delivers a config and waits until it is in force everywhere:
//
//   CONTROLLER=host:port AGGREGATOR=host:port node deliver.ts ENV ID FILE
//
// Needs @grpc/grpc-js, @grpc/proto-loader and Rollcall's proto folder; nothing else of Rollcall.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

const PROTO =
  process.env['ROLLCALL_PROTO'] ?? fileURLToPath(new URL('../../../proto', import.meta.url));
const CALL_MS = 5_000;
const ROLLOUT_MS = 120_000;
const ATTEMPTS = 8;
/** A call that ends so may be repeated: the server was away, had no room, or nobody knows. */
const PASSING = new Set([status.UNAVAILABLE, status.RESOURCE_EXHAUSTED, status.DEADLINE_EXCEEDED]);

interface Written {
  readonly config: { readonly generation: string; readonly after: object };
}
interface Waited {
  readonly outcome: string;
  readonly reason: string;
}

const services = loadSync(['rollcall/v1/controller.proto', 'rollcall/v1/status_aggregator.proto'], {
  includeDirs: [PROTO],
  longs: String,
  enums: String,
  defaults: true,
});

/** A method of a service as a function. */
function method<O>(service: string, name: string, address: string) {
  const definition = (services[`rollcall.v1.${service}`] as ServiceDefinition)[name];
  if (!definition) throw new Error(`${service} has no ${name}`);
  const client = new Client(address, credentials.createInsecure());
  return async (request: object, timeoutMs: number): Promise<O> =>
    await new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = definition;
      const deadline = Date.now() + timeoutMs;
      client.makeUnaryRequest(
        ...([path, requestSerialize, responseDeserialize as (bytes: Buffer) => O] as const),
        ...([request, { deadline }] as const),
        (error, answer) => (error ? reject(error) : resolve(answer as O)),
      );
    });
}

/** Repeats what passes by itself, a little later each time. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === ATTEMPTS || !PASSING.has((error as ServiceError).code)) throw error;
      await delay(100 * 2 ** attempt * (0.5 + Math.random() / 2));
    }
  }
}

const [env = '', id = '', file = ''] = process.argv.slice(2);
const set = method<Written>('Controller', 'SetIngressConfig', process.env['CONTROLLER'] ?? '');
const wait = method<Waited>(
  'StatusAggregator',
  'WaitForCompletion',
  process.env['AGGREGATOR'] ?? '',
);

// One id for all repetitions: whatever became of the first one, there is one write.
const request = { env, id, configJson: readFileSync(file, 'utf8'), requestId: randomUUID() };
const { config } = await patiently(() => set(request, CALL_MS));
console.log(`generation ${config.generation} is durable`);

// `after` keeps an aggregator that is a moment behind from speaking of the generation before.
const { generation, after } = config;
const question = { envs: [env], id, generation, after };
const { outcome, reason } = await patiently(() => wait(question, ROLLOUT_MS));
console.log(`${outcome}: ${reason}`);
process.exit(outcome.startsWith('WAIT_OUTCOME_DONE') ? 0 : 1);

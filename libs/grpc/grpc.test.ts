import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { z } from 'zod';
import { aborted, sleep } from '#libs/lifecycle';
import { silentLog } from '#libs/telemetry';
import {
  bindAgent,
  bindController,
  bindStatusAggregator,
  type CallContext,
  type Definitions,
  decodePageToken,
  encodePageToken,
  type Handlers,
  invalidArgument,
  objectFromStruct,
  openClient,
  openServer,
  pageSize,
  RpcError,
  type ServerOptions,
  StatusError,
  structFromObject,
} from './index.ts';

const BUF = join(import.meta.dirname, '../../node_modules/.bin/buf');
const CURL = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge'];

/** A service whose every method refuses, but for those given. */
function stub<S extends keyof Definitions>(
  handlers: Partial<Handlers<Definitions[S]>>,
): Handlers<Definitions[S]> {
  const refuse = async () => Promise.reject(new Error('secret text of a bug'));
  return new Proxy(handlers, {
    get: (target, name) => (Reflect.get(target, name) as unknown) ?? refuse,
  }) as Handlers<Definitions[S]>;
}

const serve = (options: Partial<ServerOptions>) =>
  openServer({ listen: '127.0.0.1:0', log: silentLog, services: [], ...options });

const rpcError =
  (codeName: string, check: (error: RpcError) => void = () => undefined) =>
  (error: unknown): boolean => {
    assert(error instanceof RpcError, String(error));
    assert.equal(error.codeName, codeName);
    check(error);
    return true;
  };

/** The services' protos, gRPC's own among them. */
const DESCRIPTORS = join(import.meta.dirname, '../../proto/gen/descriptor_set.binpb');

test('a caller sees which fields are wrong, and never the text of a bug', async () => {
  const services = [
    bindController(
      stub<'Controller'>({
        SetIngressConfig: async () => {
          throw invalidArgument([{ field: 'config.spec.rules[0].host', description: 'bad' }]);
        },
      }),
    ),
  ];
  await using server = await serve({ services });
  await using client = openClient('Controller', server.address);
  await assert.rejects(
    client.call('SetIngressConfig', { env: '1' }),
    rpcError('INVALID_ARGUMENT', (error) => {
      assert.deepEqual(error.violations, [
        { field: 'config.spec.rules[0].host', description: 'bad' },
      ]);
      assert.equal(error.reason, 'INVALID_ARGUMENT');
    }),
  );
  await assert.rejects(
    client.call('GetIngressConfig', {}),
    rpcError('INTERNAL', (error) => assert(!error.message.includes('secret'))),
  );
});

test('requests arrive with defaults, oneofs and numbers, and structs keep their content', async () => {
  const services = [
    bindController(
      stub<'Controller'>({
        SetIngressConfig: async (request, { actor }) => {
          assert.equal(request.content, 'config');
          assert.equal(request.expectedGeneration, 7);
          assert.equal(request.requestId, '');
          assert.deepEqual(request.labels, { a: 'b' });
          const object = objectFromStruct(request.config ?? {});
          return {
            config: { env: actor, generation: 2 ** 53 - 1, config: structFromObject(object) },
          };
        },
      }),
    ),
  ];
  await using server = await serve({ services });
  await using client = openClient('Controller', server.address);
  const object = { a: [1, 'x', null, true, { b: {} }], c: -0.5 };
  const { config } = await client.call(
    'SetIngressConfig',
    {
      ...{ env: '1', config: structFromObject(object), labels: { a: 'b' } },
      expectedGeneration: 7,
    },
    { actor: 'me' },
  );
  assert.equal(config?.env, 'me');
  assert.equal(config?.generation, 2 ** 53 - 1);
  assert.deepEqual(JSON.parse(JSON.stringify(objectFromStruct(config?.config ?? {}))), object);
});

test('a struct is read back as it was written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
      const object = JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
      const types = structFromObject(object);
      assert.equal(Object.keys(types.fields).length, Object.keys(object).length);
    }),
  );
});

test('health follows readiness, also on its own port; a server that is not ready is live', async () => {
  await using server = await serve({
    healthListen: '127.0.0.1:0',
    services: [bindAgent(stub<'Agent'>({}))],
  });
  const check = async (address: string, service = '') => {
    const { stdout } = await promisify(execFile)(BUF, [
      ...CURL,
      ...['--schema', DESCRIPTORS, '--data', JSON.stringify({ service })],
      `http://${address}/grpc.health.v1.Health/Check`,
    ]);
    return (JSON.parse(stdout) as { status: string }).status;
  };
  const probe = server.healthAddress as string;
  assert.equal(await check(server.address), 'NOT_SERVING');
  assert.equal(await check(probe), 'NOT_SERVING');
  assert.equal(await check(probe, 'live'), 'SERVING');
  server.setReady(true);
  assert.equal(await check(server.address), 'SERVING');
  assert.equal(await check(probe), 'SERVING');
});

test('reflection lists every service, and resolves methods with their imports', async () => {
  await using server = await serve({
    services: [bindStatusAggregator(stub<'StatusAggregator'>({}))],
  });
  const { stdout } = await promisify(execFile)(BUF, [
    ...CURL,
    '--list-services',
    `http://${server.address}`,
  ]);
  assert.match(stdout, /rollcall\.v1\.StatusAggregator/);
  assert.match(stdout, /grpc\.health\.v1\.Health/);
  await assert.rejects(
    promisify(execFile)(BUF, [
      ...CURL,
      ...['--data', '{"env":"1"}'],
      `http://${server.address}/rollcall.v1.StatusAggregator/GetEnvironment`,
    ]),
    /internal/,
  );
});

test('a drain ends streams and waits with UNAVAILABLE and lets short calls finish', async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await serve({
    services: [
      bindController(
        stub<'Controller'>({
          ListEnvironments: async () => {
            entered.resolve();
            await release.promise;
            return {};
          },
          async *WatchAgents(_request, { signal }) {
            yield { revision: 1 };
            await aborted(signal);
          },
        }),
      ),
      bindStatusAggregator(
        stub<'StatusAggregator'>({
          WaitForCompletion: async (_request, { signal }) => {
            await sleep(60_000, signal);
            return {};
          },
        }),
      ),
    ],
  });
  await using controller = openClient('Controller', server.address);
  await using aggregator = openClient('StatusAggregator', server.address);
  const short = controller.call('ListEnvironments', {});
  const wait = aggregator.call('WaitForCompletion', {});
  const stream = controller.stream('WatchAgents', { env: '-' });
  assert.equal((await stream.next()).value?.revision, 1);
  await entered.promise;
  const ended = [
    assert.rejects(stream.next(), rpcError('UNAVAILABLE')),
    assert.rejects(
      wait,
      rpcError('UNAVAILABLE', (error) => assert.equal(error.reason, 'SERVER_DRAINING')),
    ),
  ];
  const closing = server[Symbol.asyncDispose]();
  await Promise.all(ended);
  release.resolve();
  await short;
  await closing;
});

test('cancelling a call reaches its handler', async () => {
  const entered = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  await using server = await serve({
    services: [
      bindController(
        stub<'Controller'>({
          async *WatchAgents(_request, { signal }) {
            entered.resolve();
            yield {};
            await aborted(signal);
            cancelled.resolve();
          },
        }),
      ),
    ],
  });
  await using client = openClient('Controller', server.address);
  for await (const _ of client.stream('WatchAgents', { env: '-' })) break;
  await entered.promise;
  await cancelled.promise;
});

test('a message above 512 KiB is refused as RESOURCE_EXHAUSTED', async () => {
  await using server = await serve({ services: [bindController(stub<'Controller'>({}))] });
  await using client = openClient('Controller', server.address);
  await assert.rejects(
    client.call('SetIngressConfig', { configJson: 'x'.repeat(600 * 1024) }),
    rpcError('RESOURCE_EXHAUSTED'),
  );
});

test('a call with a distant deadline, or none, gets the longest there is', async () => {
  const left: number[] = [];
  const note = async (_: object, context: CallContext) => {
    left.push(Math.ceil(context.remainingMs() / 1_000));
    return {};
  };
  const services = [
    bindController(stub<'Controller'>({ GetIngressConfig: note })),
    bindStatusAggregator(stub<'StatusAggregator'>({ WaitForCompletion: note })),
  ];
  await using server = await serve({ services });
  await using controller = openClient('Controller', server.address);
  await using aggregator = openClient('StatusAggregator', server.address);
  for (const timeoutMs of [Number.POSITIVE_INFINITY, 86_400_000, 5_000]) {
    await controller.call('GetIngressConfig', {}, { timeoutMs });
    await aggregator.call('WaitForCompletion', {}, { timeoutMs });
  }
  assert.deepEqual(left, [30, 3_600, 30, 3_600, 5, 5]);
});

test('page sizes are capped and foreign tokens refused', () => {
  const schema = z.object({ id: z.string() });
  assert.deepEqual([pageSize(0), pageSize(7), pageSize(5000)], [100, 7, 1000]);
  assert.throws(() => pageSize(-1), StatusError);
  assert.deepEqual(decodePageToken(encodePageToken({ id: 'ä' }), schema), { id: 'ä' });
  assert.equal(decodePageToken('', schema), undefined);
  for (const token of ['x', 'e30', '%%%']) {
    assert.throws(() => decodePageToken(token, schema), StatusError);
  }
});

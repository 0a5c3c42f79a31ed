// A whole system in this process, on a real etcd and a real MySQL, with every span of it in memory.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { type GrpcClient, openClient } from '#libs/grpc';
import { migrate } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import type { ControllerDefinition, StatusAggregatorDefinition } from '#proto';
import { openApp as openAgent } from '#services/agent/app.ts';
import { readConfig as readAgentConfig } from '#services/agent/config.ts';
import { openApp as openController } from '#services/controller/app.ts';
import { readConfig as readControllerConfig } from '#services/controller/config.ts';
import { openApp as openAggregator } from '#services/status-aggregator/app.ts';
import { readConfig as readAggregatorConfig } from '#services/status-aggregator/config.ts';
import { openTestDatabase, ownEtcd } from './servers.ts';

/** One controller, one aggregator and agents of environment `1`. Disposal ends them all. */
export interface TracedSystem extends AsyncDisposable {
  readonly controller: GrpcClient<ControllerDefinition>;
  readonly aggregator: GrpcClient<StatusAggregatorDefinition>;
  /** Finished spans, in the order of their ends. */
  spans(): ReadableSpan[];
}

interface App extends AsyncDisposable {
  readonly address: string;
  run(signal: AbortSignal): Promise<void>;
}

export async function openTracedSystem(agents: readonly string[]): Promise<TracedSystem> {
  await using stack = new AsyncDisposableStack();
  const exporter = new InMemorySpanExporter();
  // First, so that it is there before anything is traced, and gone last.
  registerTracing(exporter, stack);
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-traced-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const etcd = stack.use(await ownEtcd());
  const { url } = stack.use(await openTestDatabase());
  await migrate(url, silentLog);
  const shared = ['--log-level', 'silent', '--etcd-endpoints', etcd.endpoints.join(',')];
  const argsOf = (name: string, ...more: string[]) => ({
    argv: ['--name', name, ...shared, ...more],
    env: {},
  });
  const run = (app: App) => {
    stack.use(app);
    const stop = new AbortController();
    const running = app.run(stop.signal);
    running.catch(() => undefined);
    stack.defer(async () => {
      stop.abort();
      await running;
    });
    return app.address;
  };
  const controller = run(
    await openController(readControllerConfig(argsOf('controller-1', '--mysql-url', url))),
  );
  const aggregator = run(
    await openAggregator(readAggregatorConfig(argsOf('aggregator-1', '--mysql-url', url))),
  );
  for (const name of agents) {
    const args = argsOf(name, '--env', '1', '--state-dir', join(dir, name));
    run(await openAgent(readAgentConfig(args), new AbortController().signal));
  }
  const clients = {
    controller: stack.use(openClient('Controller', controller)),
    aggregator: stack.use(openClient('StatusAggregator', aggregator)),
  };
  const open = stack.move();
  return {
    ...clients,
    spans: () => exporter.getFinishedSpans(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function registerTracing(exporter: InMemorySpanExporter, stack: AsyncDisposableStack): void {
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  stack.defer(async () => {
    await provider.shutdown();
    trace.disable();
  });
}

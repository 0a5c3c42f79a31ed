import { descriptorSet, openByteClient } from '#libs/grpc';
import { aborted } from '#libs/lifecycle';
import { createLogger, gauge, openTelemetry } from '#libs/telemetry';
import { openTlsSet } from '#libs/tls';
import { createCalls } from './api/calls.ts';
import { Gateway, type Page } from './api/gateway.ts';
import type { GatewayConfig } from './config.ts';
import { createLimits } from './http/limits.ts';
import { openListener } from './http/listener.ts';
import { openApiDocument } from './openapi/document.ts';
import { documentationPage } from './openapi/page.ts';
import { type Api, readApi } from './transcode/endpoints.ts';

/** A gateway that listens. Disposal drains it and closes what it opened, in reverse order. */
export interface App extends AsyncDisposable {
  /** host:port of its HTTP server. */
  readonly address: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Opens a gateway. The services need not be there; it is ready once one of each is. */
export async function openApp(config: GatewayConfig): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const { name, version, otlpEndpoint, metricsListen, graceMs } = config;
  const log = createLogger({ service: 'gateway', name, level: config.logLevel });
  stack.use(
    await openTelemetry({ service: 'gateway', name, version, otlpEndpoint, metricsListen }),
  );
  const paths = { server: config.tls, services: config.upstreamTls };
  const tls = stack.use(await openTlsSet(paths, { log }));
  const upstream = { tls: tls.services };
  const controllers = stack.use(openByteClient(config.controllers, upstream));
  const aggregators = stack.use(openByteClient(config.aggregators, upstream));
  const upstreams = new Map([
    ['rollcall.v1.Controller', controllers],
    ['rollcall.v1.StatusAggregator', aggregators],
  ]);
  const api = readApi(descriptorSet);
  const { requestsPerSecond, inFlightMax } = config;
  const now = () => performance.now();
  const limits = createLimits({ requestsPerSecond, inFlightMax, now });
  gauge('rollcall_gateway_in_flight', 'HTTP requests in flight', () => limits.inFlight());
  const probes = probePages(() => controllers.isConnected() && aggregators.isConnected());
  const calls = createCalls(upstreams, api.registry);
  const pages = new Map([...probes, ...documentPages(api, version)]);
  const gateway = new Gateway({ api, calls, limits, pages, log });
  const noApi: Api = { ...api, endpoints: [] };
  const prober = new Gateway({ api: noApi, calls, limits, pages: probes, log });
  if (config.healthListen) {
    const answer = prober.answer.bind(prober);
    stack.use(await openListener({ listen: config.healthListen, answer, graceMs }));
  }
  const answer = gateway.answer.bind(gateway);
  const server = stack.use(
    await openListener({ listen: config.listen, tls: tls.server, answer, graceMs }),
  );
  const open = stack.move();
  return {
    address: server.address,
    run: aborted,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function probePages(isReady: () => boolean) {
  const page = (isOk: boolean) => ({
    status: isOk ? 200 : 503,
    type: 'application/json',
    body: JSON.stringify({ status: isOk ? 'SERVING' : 'NOT_SERVING' }),
  });
  return new Map<string, Page | (() => Page & { status: number })>([
    ['/healthz', () => page(true)],
    ['/readyz', () => page(isReady())],
  ]);
}

function documentPages(api: Api, version: string): [string, Page][] {
  const document = openApiDocument(api, version);
  const page = documentationPage(document);
  return [
    ['/openapi.json', { type: 'application/json', body: JSON.stringify(document) }],
    ['/', page],
    ['/docs', page],
  ];
}

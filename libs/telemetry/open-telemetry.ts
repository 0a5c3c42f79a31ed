import { metrics, trace } from '@opentelemetry/api';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export interface TelemetryOptions {
  /** Program, such as `controller`. */
  service: string;
  /** Instance. */
  name: string;
  version: string;
  /** URL of an OTLP/gRPC collector. Absent: no traces. */
  otlpEndpoint?: string | undefined;
  /** host:port of the Prometheus endpoint. Absent: no metrics. */
  metricsListen?: string | undefined;
}

/** Bound on the last export, so that a dead collector never holds up a stop. */
const FLUSH_MS = 2000;

/**
 * Installs the exporters that the options name; with none, spans and counters cost next to nothing.
 * Open it before anything counts. Its disposal flushes, at most 2 s.
 */
export async function openTelemetry(options: TelemetryOptions): Promise<AsyncDisposable> {
  const meters = options.metricsListen
    ? await openMetrics(options, options.metricsListen)
    : undefined;
  const tracers = options.otlpEndpoint
    ? await openTraces(options, options.otlpEndpoint)
    : undefined;
  return {
    [Symbol.asyncDispose]: async () => {
      const flushed = Promise.allSettled([meters?.shutdown(), tracers?.shutdown()]);
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(() => timer.resolve(), FLUSH_MS);
      await Promise.race([flushed, timer.promise]);
      clearTimeout(timeout);
      // Somebody else's stay.
      if (meters) metrics.disable();
      if (tracers) trace.disable();
    },
  };
}

async function openMetrics(options: TelemetryOptions, listen: string): Promise<MeterProvider> {
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  const at = listen.lastIndexOf(':');
  const exporter = new PrometheusExporter({
    host: listen.slice(0, at).replaceAll(/[[\]]/g, ''),
    port: Number(listen.slice(at + 1)),
    preventServerStart: true,
  });
  await exporter.startServer();
  const provider = new MeterProvider({ resource: await resourceOf(options), readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}

async function openTraces(options: TelemetryOptions, url: string): Promise<NodeTracerProvider> {
  const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
  const provider = new NodeTracerProvider({
    resource: await resourceOf(options),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  return provider;
}

async function resourceOf({ service, name, version }: TelemetryOptions) {
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  return resourceFromAttributes({
    'service.namespace': 'rollcall',
    'service.name': service,
    'service.instance.id': name,
    'service.version': version,
  });
}

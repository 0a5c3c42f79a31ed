import {
  type Attributes,
  type Counter,
  context,
  type Link,
  metrics,
  type Span as OtelSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const SCOPE = 'rollcall';

/** Adds to a counter. Names are `rollcall_<noun>`; the exporter adds `_total`. */
export type Count = (amount?: number, attributes?: Attributes) => void;

/** A counter. May be made before the exporters are installed; counts from then on. */
export function counter(name: string, description: string): Count {
  let instrument: Counter | undefined;
  return (amount = 1, attributes) => {
    instrument ??= metrics.getMeter(SCOPE).createCounter(name, { description });
    instrument.add(amount, attributes);
  };
}

/** Shows the value that `read` returns at each collection. Call it after the exporters are installed. */
export function gauge(name: string, description: string, read: () => number | undefined): void {
  metrics
    .getMeter(SCOPE)
    .createObservableGauge(name, { description })
    .addCallback((result) => {
      const value = read();
      if (value !== undefined) result.observe(value);
    });
}

export type Span = OtelSpan;

export interface SpanOptions {
  /** It answers a call from outside. */
  isServer?: boolean;
  attributes?: Attributes;
  /** W3C traceparent of the caller's span: becomes the parent. */
  parent?: string;
  /** W3C traceparents of spans that this one follows from, each a link. */
  links?: readonly string[];
}

/** Runs `fn` in a span that ends with it and records its error. */
export async function withSpan<T>(
  name: string,
  options: SpanOptions,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = options.parent ? spanContextFrom(options.parent) : undefined;
  const base = parent ? trace.setSpanContext(context.active(), parent) : context.active();
  const links = linksFrom(options.links ?? []);
  const { attributes = {}, isServer = false } = options;
  const kind = isServer ? SpanKind.SERVER : SpanKind.INTERNAL;
  const span = trace.getTracer(SCOPE).startSpan(name, { kind, attributes, links }, base);
  try {
    return await context.with(trace.setSpan(base, span), () => fn(span));
  } catch (error) {
    if (error instanceof Error) span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/**
 * A moment that no work of this process makes up: a span of its own that holds one event. `links` are
 * W3C traceparents of what it follows from.
 */
export function traceEvent(
  name: string,
  attributes: Attributes,
  links: readonly string[] = [],
): void {
  const span = trace
    .getTracer(SCOPE)
    .startSpan(name, { attributes, links: linksFrom(links), root: true });
  span.addEvent(name, attributes);
  span.end();
}

function linksFrom(traceparents: readonly string[]): Link[] {
  return traceparents.flatMap((text) => {
    const linked = spanContextFrom(text);
    return linked ? [{ context: linked }] : [];
  });
}

/** The W3C traceparent of the current span, or empty when nothing is traced. */
export function currentTraceparent(): string {
  const active = trace.getSpanContext(context.active());
  if (!active || !trace.isSpanContextValid(active)) return '';
  const flags = active.traceFlags.toString(16).padStart(2, '0');
  return `00-${active.traceId}-${active.spanId}-${flags}`;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function spanContextFrom(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.isSpanContextValid(parsed) ? parsed : undefined;
}

/** Whether a text is a traceparent that may stand in a config's value. */
export function isTraceparent(text: string): boolean {
  return spanContextFrom(text) !== undefined;
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { counter, currentTraceparent, isTraceparent, withSpan } from './instruments.ts';
import { openTelemetry } from './open-telemetry.ts';

test('without an exporter nothing is traced and the work is done all the same', async () => {
  await using _telemetry = await openTelemetry({ service: 'demo', name: 'a', version: '1' });
  assert.equal(await withSpan('work', {}, async () => currentTraceparent()), '');
});

test('what no exporter was asked for is not even loaded', () => {
  const program = `
    const { openTelemetry } = await import('#libs/telemetry');
    await openTelemetry({ service: 'demo', name: 'a', version: '1' });
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(process.cwd() + '/').cache).join('\\n'));
  `;
  const args = ['--input-type=module', '--eval', program];
  const loaded = execFileSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  assert.match(loaded, /@opentelemetry\/api\//);
  assert.doesNotMatch(loaded, /@opentelemetry\/(?!api\/)/);
});

test('the metrics endpoint shows what was counted, also by counters made before', async () => {
  const count = counter('rollcall_demo', 'what a test counts');
  const port = 20_000 + (process.pid % 20_000);
  await using _telemetry = await openTelemetry({
    service: 'demo',
    name: 'a',
    version: '1',
    metricsListen: `127.0.0.1:${port}`,
  });
  count(3, { kind: 'x' });
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  assert.match(await answer.text(), /rollcall_demo_total\{kind="x".*\} 3/);
});

test('a span follows its parent and links what caused it', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  try {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const cause = '00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-01';
    const inside = await withSpan('apply', { parent, links: [cause, 'garbage'] }, async () =>
      currentTraceparent(),
    );
    assert(isTraceparent(inside));
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.spanContext().traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.equal(span?.parentSpanContext?.spanId, 'b7ad6b7169203331');
    assert.deepEqual(
      span?.links.map((link) => link.context.spanId),
      ['b7ad6b7169203332'],
    );
  } finally {
    await provider.shutdown();
    trace.disable();
  }
});

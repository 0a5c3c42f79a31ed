import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { withSpan } from '#libs/telemetry';
import { eventually } from '#test/eventually';
import { openTracedSystem, type TracedSystem } from '#test/traced-system';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const CALLER_TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const web = { env: '1', id: 'web' };

let system: TracedSystem;

before(async () => {
  system = await openTracedSystem(['a', 'b']);
  await eventually(
    async () => {
      const { environment } = await system.aggregator.call('GetEnvironment', { env: '1' });
      return environment?.live === 2;
    },
    { timeoutMs: 15_000, what: 'both agents' },
  );
});

after(async () => await system[Symbol.asyncDispose]());

/** Spans of that name, once there are so many. */
async function spans(name: string, count: number): Promise<ReadableSpan[]> {
  return await eventually(
    () => {
      const found = system.spans().filter((span) => span.name === name);
      return found.length >= count && found;
    },
    { timeoutMs: 10_000, what: `${count} spans ${name}` },
  );
}

async function only(name: string): Promise<ReadableSpan> {
  const [span, ...more] = await spans(name, 1);
  assert(span);
  assert.equal(more.length, 0, `one span ${name}`);
  return span;
}

/** The same span, by both ids. */
function idOf(context: { traceId: string; spanId: string } | undefined) {
  return context && `${context.traceId}/${context.spanId}`;
}

function linksOf(span: ReadableSpan) {
  return span.links.map(({ context }) => idOf(context));
}

function agentsOf(found: readonly ReadableSpan[]) {
  return new Set(found.map(({ attributes }) => attributes['rollcall.agent']));
}

test('one trace leads from the caller through MySQL and etcd to every agent and the receipt', async () => {
  // The test's own span carries on the caller's trace, as a caller with a tracer would.
  const caller = await withSpan('caller', { parent: CALLER_TRACEPARENT }, async (span) => {
    await system.controller.call('SetIngressConfig', { ...web, configJson: '{"a":1}' });
    return span.spanContext();
  });
  const { outcome } = await system.aggregator.call('WaitForCompletion', {
    ...{ envs: ['1'], id: 'web', waitFor: 'WAIT_FOR_COMPLETE' },
  });
  assert.equal(outcome, 'WAIT_OUTCOME_DONE');

  const set = await only('rollcall.v1.Controller/SetIngressConfig');
  assert.equal(set.spanContext().traceId, CALLER.traceId);
  assert.equal(idOf(set.parentSpanContext), idOf(caller));
  const id = idOf(set.spanContext());
  for (const name of ['mysql.commit', 'etcd.publish']) {
    const step = await only(name);
    assert.equal(idOf(step.parentSpanContext), id, `${name} is a part of the call`);
  }

  const applies = await spans('agent.apply', 2);
  assert.deepEqual(agentsOf(applies), new Set(['a', 'b']));
  const observed = [
    ...(await spans('aggregator.published', 1)),
    ...(await spans('aggregator.applied', 2)),
    await only('aggregator.complete'),
    await only('aggregator.receipt'),
  ];
  for (const span of [...applies, ...observed]) {
    assert.deepEqual(linksOf(span), [id], `${span.name} follows from the call`);
    assert.equal(span.parentSpanContext, undefined);
  }
  for (const { name, events, attributes } of observed) {
    assert.deepEqual(
      events.map((event) => event.name),
      [name],
    );
    assert.equal(attributes['rollcall.generation'], 1);
  }
});

test('the history tells of it, the newest first, by config and by agent', async () => {
  const list = async (request: object) =>
    await system.aggregator.call('ListEvents', { env: '1', ...request });
  const { events } = await list({ id: 'web' });
  const types = events.map(({ type }) => type.replace('EVENT_TYPE_', ''));
  assert.deepEqual(types, ['RECEIPT', 'COMPLETE', 'APPLIED', 'APPLIED', 'PUBLISHED']);
  assert(events.every(({ revision, epoch }) => revision > 0 && epoch === 1));

  const first = await list({ id: 'web', pageSize: 3 });
  const rest = await list({ id: 'web', pageSize: 3, pageToken: first.nextPageToken });
  assert.deepEqual([...first.events, ...rest.events], events);
  assert.equal(rest.nextPageToken, '');

  const ofAgent = await list({ agent: 'a' });
  assert.equal(ofAgent.events[0]?.type, 'EVENT_TYPE_APPLIED');
  assert.equal(ofAgent.events[0]?.id, 'web');
  assert.deepEqual((await list({ agent: 'nobody' })).events, []);
  for (const bad of [{}, { id: 'Bad/Id' }, { agent: '-' }, { id: 'web', pageToken: 'x' }]) {
    await assert.rejects(list(bad), { codeName: 'INVALID_ARGUMENT' });
  }
});

test('a delete has its own trace, up to where etcd tells no write', async () => {
  await system.controller.call('DeleteIngressConfig', web);
  const del = await only('rollcall.v1.Controller/DeleteIngressConfig');
  const commits = await spans('mysql.commit', 2);
  const publications = await spans('etcd.publish', 2);
  for (const step of [commits.at(-1), publications.at(-1)]) {
    assert.equal(idOf(step?.parentSpanContext), idOf(del.spanContext()));
  }
  const removals = await spans('agent.remove', 2);
  assert.deepEqual(agentsOf(removals), new Set(['a', 'b']));
  await only('aggregator.deleted');
  assert.equal((await spans('aggregator.receipt', 2)).length, 2);
});

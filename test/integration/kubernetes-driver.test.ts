import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash, type Driver, DriverError } from '#services/agent/drivers/driver.ts';
import { configOf, ingressNamed, openKubernetesPlace } from '#test/kubernetes-place';

const { signal } = new AbortController();

const failsWith = (outcome: string, reason: string, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof DriverError, String(error));
  assert.deepEqual([error.outcome, error.reason], [outcome, reason], error.message);
  if (message) assert.match(error.message, message);
  return true;
};

async function listed(driver: Driver): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { id, hash } of driver.list(signal)) found[id] = hash;
  return found;
}

test('an object says of which config and generation it is, and keeps what others add', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { store } = place.cluster;
  const marks = { labels: { team: 'shop' }, annotations: { note: 'ours' } };
  const first = { ...configOf('shop.web', ingressNamed('web', 'a', marks), 7), epoch: 3 };
  await driver.apply(first, signal);
  const { metadata } = store.get('test', 'web');
  const labels = metadata['labels'] as Record<string, string>;
  const annotations = metadata['annotations'] as Record<string, string>;
  assert.equal(labels['team'], 'shop');
  assert.equal(labels['app.kubernetes.io/managed-by'], 'rollcall');
  assert.equal(labels['rollcall.io/owner'], '1');
  assert.equal(annotations['rollcall.io/config-id'], 'shop.web');
  assert.equal(annotations['rollcall.io/generation'], '7');
  assert.equal(annotations['rollcall.io/epoch'], '3');

  store.edit('test', 'web', (object) => {
    const added = { ...(object.metadata['annotations'] as object), 'cert-manager.io/x': 'y' };
    object.metadata['annotations'] = added;
  });
  const next = configOf('shop.web', ingressNamed('web', 'b', { labels: {} }), 8);
  assert.deepEqual(Object.keys(await listed(driver)), ['shop.web']);
  await driver.apply(next, signal);
  const now = store.get('test', 'web').metadata;
  assert.equal((now['annotations'] as Record<string, string>)['cert-manager.io/x'], 'y');
  assert.equal((now['labels'] as Record<string, string>)['team'], undefined);
  assert.equal((await driver.verify(next, signal)).level, 'APPLIED');
  assert.deepEqual(await listed(driver), { 'shop.web': contentHash(next.content) });
});

test('objects of others are refused and left alone, by another environment as well', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  await using other = await place.open({}, '2');
  const { store } = place.cluster;
  store.create(ingressNamed('theirs') as Parameters<typeof store.create>[0]);
  const before = structuredClone(store.all());
  for (const call of ['validate', 'apply'] as const) {
    const refused = driver[call](configOf('web', ingressNamed('theirs', 'mine')), signal);
    await assert.rejects(refused, failsWith('rejected', 'NOT_OWNED'));
  }
  assert.deepEqual(store.all(), before);

  await driver.apply(configOf('web', ingressNamed('web')), signal);
  const taken = driver.apply(configOf('web2', ingressNamed('web')), signal);
  await assert.rejects(taken, failsWith('retry', 'OBJECT_TAKEN', /config web/));
  const strange = other.apply(configOf('web', ingressNamed('web')), signal);
  await assert.rejects(strange, failsWith('rejected', 'NOT_OWNED'));
  await other.remove('web', signal);
  assert.deepEqual(await listed(other), {});
  assert.deepEqual(Object.keys(await listed(driver)), ['web']);
});

test('what somebody makes between the look and the apply is given back', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { cluster } = place;
  const theirs = ingressNamed('web') as Parameters<typeof cluster.store.create>[0];
  cluster.onRequest = ({ method, query }) => {
    if (method !== 'PATCH' || query.get('dryRun')) return;
    cluster.onRequest = () => undefined;
    cluster.store.create(theirs);
  };
  const applying = driver.apply(configOf('web', ingressNamed('web')), signal);
  await assert.rejects(applying, failsWith('rejected', 'NOT_OWNED'));
  const { metadata, spec } = cluster.store.get('test', 'web');
  assert.deepEqual([metadata['labels'], metadata['annotations']], [{}, {}]);
  assert.deepEqual(spec, theirs.spec);
});

test('a version with another name or namespace leaves no object of the older one', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { store } = place.cluster;
  const names = () => store.all().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  await driver.apply(configOf('web', ingressNamed('old')), signal);
  await driver.apply(configOf('web', ingressNamed('new', 'web', { namespace: 'other' })), signal);
  assert.deepEqual(names(), ['other/new']);
  // Nor when the record of the older one is lost.
  await rm(join(place.dir, '1', 'kubernetes'), { recursive: true });
  await driver.apply(configOf('web', ingressNamed('third')), signal);
  assert.deepEqual(names(), ['test/third']);
});

test('a lost record means that the object is applied again, not that it is gone', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const config = configOf('web', ingressNamed('web'));
  await driver.apply(config, signal);
  await rm(join(place.dir, '1', 'kubernetes'), { recursive: true });
  assert.deepEqual(await listed(driver), { web: 'not recorded' });
  await driver.apply(config, signal);
  assert.deepEqual(await listed(driver), { web: contentHash(config.content) });
  await driver.remove('web', signal);
  assert.deepEqual(place.cluster.store.all(), []);
});

test('a list goes through its pages, and begins anew when a page is too old', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { cluster } = place;
  const names = Array.from({ length: 25 }, (_, index) => `web-${index}`);
  await Promise.all(names.map((name) => driver.apply(configOf(name, ingressNamed(name)), signal)));
  cluster.pageMax = 10;
  cluster.forgetPages();
  cluster.seen.length = 0;
  assert.deepEqual(Object.keys(await listed(driver)).toSorted(), names.toSorted());
  assert.equal(cluster.seen.length, 5, 'two pages, of which one was too old, then three');
  assert.ok(cluster.connections <= 8, `${cluster.connections} connections`);
});

for (const [what, fault] of [
  ['busy', { code: 429, retryAfterSeconds: 1 }],
  ['failing', { code: 500 }],
  ['unavailable', { code: 503 }],
  ['closing connections', 'reset'],
] as const) {
  test(`an API server that is ${what} for a moment costs no failure`, async () => {
    await using place = await openKubernetesPlace();
    await using driver = await place.open();
    const config = configOf('web', ingressNamed('web'));
    place.cluster.fail(fault, 2);
    await driver.apply(config, signal);
    place.cluster.fail(fault, 1);
    await driver.verify(config, signal);
    place.cluster.fail(fault, 1);
    assert.deepEqual(await listed(driver), { web: contentHash(config.content) });
    place.cluster.fail(fault, 1);
    await driver.remove('web', signal);
    assert.deepEqual(place.cluster.store.all(), []);
  });
}

test('an API server that stays away leaves the old version, and says why', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { cluster } = place;
  const old = configOf('web', ingressNamed('web', 'old'));
  const next = configOf('web', ingressNamed('web', 'new'), 2);
  await driver.apply(old, signal);
  const before = structuredClone(cluster.store.all());
  for (const [fault, reason] of [
    [{ code: 429 }, 'API_BUSY'],
    [{ code: 500 }, 'API_FAILED'],
    ['reset', 'API_UNREACHABLE'],
    [{ code: 403, message: 'ingresses is forbidden' }, 'API_FORBIDDEN'],
  ] as const) {
    cluster.fail(fault, 20, ['PATCH']);
    await assert.rejects(driver.apply(next, signal), failsWith('retry', reason));
    cluster.heal();
    assert.deepEqual(cluster.store.all(), before);
    await driver.verify(old, signal);
  }
  await driver.apply(next, signal);
  await driver.verify(next, signal);
});

test('a call to a server that hangs ends with its signal', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  place.cluster.fail('hang', 20);
  const limit = AbortSignal.timeout(300);
  const calling = driver.apply(configOf('web', ingressNamed('web')), limit);
  await assert.rejects(calling, (error) => error === limit.reason);
});

test('somebody who changes the object meanwhile is overtaken, not merged with', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const { cluster } = place;
  await driver.apply(configOf('web', ingressNamed('web', 'old')), signal);
  let edits = 0;
  cluster.onRequest = ({ method }) => {
    if (method !== 'PATCH' || edits >= 2) return;
    edits += 1;
    cluster.store.edit('test', 'web', ({ spec }) => {
      spec['rules'] = [{ host: `edit-${edits}.test` }];
    });
  };
  const next = configOf('web', ingressNamed('web', 'new'), 2);
  await driver.apply(next, signal);
  assert.equal(edits, 2);
  await driver.verify(next, signal);
});

test('what the API server refuses is rejected with its reason, without words of the config', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open();
  const bad = ingressNamed('web') as { spec: { rules: { host: string }[] } };
  const [rule] = bad.spec.rules;
  assert.ok(rule);
  rule.host = 'secret_tenant_host';
  for (const call of ['validate', 'apply'] as const) {
    await assert.rejects(driver[call](configOf('web', bad), signal), (error) => {
      assert.doesNotMatch((error as Error).message, /secret/);
      return failsWith('rejected', 'API_REFUSED', /no host name/)(error);
    });
  }
  const nowhere = configOf('web', ingressNamed('web', 'web', { namespace: 'nowhere' }));
  await assert.rejects(
    driver.apply(nowhere, signal),
    failsWith('retry', 'API_NOT_FOUND', /namespace/),
  );
  assert.deepEqual(place.cluster.store.all(), []);
});

test('only Ingresses in the allowed namespaces, without the marks of the driver, are taken', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open({ namespaces: 'default test', namespace: 'test' });
  const taken = ingressNamed('web', 'web', { namespace: undefined });
  await driver.apply(configOf('web', taken), signal);
  assert.equal(place.cluster.store.get('test', 'web').kind, 'Ingress');
  assert.deepEqual(Object.keys(await listed(driver)), ['web']);
  const mark = { labels: { 'rollcall.io/owner': '2' } };
  for (const [object, reason] of [
    [{ routes: [] }, 'NOT_AN_INGRESS'],
    [{ ...ingressNamed('x'), kind: 'Secret' }, 'NOT_AN_INGRESS'],
    [ingressNamed('x', 'web', { namespace: 'other' }), 'NAMESPACE_NOT_ALLOWED'],
    [ingressNamed('x', 'web', mark), 'RESERVED_MARK'],
  ] as const) {
    const refused = driver.validate(configOf('x', object), signal);
    await assert.rejects(refused, failsWith('rejected', reason));
  }
});

test('a token that is replaced in the kubeconfig is read by the next driver', async () => {
  await using place = await openKubernetesPlace();
  await place.cluster.writeKubeconfig('an older token');
  const config = configOf('web', ingressNamed('web'));
  {
    await using driver = await place.open();
    await assert.rejects(driver.apply(config, signal), failsWith('retry', 'API_FORBIDDEN'));
  }
  await place.cluster.writeKubeconfig('token-of-the-agent');
  await using driver = await place.open();
  await driver.apply(config, signal);
});

test('with verify=status a config is proven once an ingress controller took it up', async () => {
  await using place = await openKubernetesPlace();
  await using driver = await place.open({ verify: 'status' });
  const config = configOf('web', ingressNamed('web'));
  await driver.apply(config, signal);
  await assert.rejects(driver.verify(config, signal), failsWith('retry', 'NOT_ADMITTED'));
  place.cluster.store.get('test', 'web').status = {
    loadBalancer: { ingress: [{ ip: '10.0.0.1' }] },
  };
  const proof = { level: 'VERIFIED', method: 'kubernetes status' };
  assert.deepEqual(await driver.verify(config, signal), proof);
});

test('with a probe a config is proven once its host is routed', async () => {
  await using place = await openKubernetesPlace();
  const routed = new Set<string>();
  const server = createServer((request, response) => {
    response.statusCode = routed.has(request.headers.host ?? '') ? 200 : 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  await using driver = await place.open({ probe: `http://127.0.0.1:${address.port}` });
  const config = configOf('web', ingressNamed('web'));
  await driver.apply(config, signal);
  await assert.rejects(driver.verify(config, signal), failsWith('retry', 'NOT_ROUTED', /404/));
  routed.add('web.test');
  const proof = { level: 'VERIFIED', method: 'kubernetes probe' };
  assert.deepEqual(await driver.verify(config, signal), proof);
  server.closeAllConnections();
  server.close();
  await assert.rejects(driver.verify(config, signal), failsWith('retry', 'PROBE_UNANSWERED'));
});

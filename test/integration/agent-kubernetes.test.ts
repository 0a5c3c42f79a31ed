import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openAgentPlace } from '#test/agent-place';
import { eventually } from '#test/eventually';
import { ingressNamed, openKubernetesPlace } from '#test/kubernetes-place';

const place = await openAgentPlace();
after(() => place[Symbol.asyncDispose]());
await place.ready(1, 1);
const kubernetes = await openKubernetesPlace();
after(() => kubernetes[Symbol.asyncDispose]());

const soon = { timeoutMs: 10_000 };

test('an agent makes configs Ingresses, mends what is edited, and prunes its own alone', async () => {
  const { cluster } = kubernetes;
  const option = ['--driver', 'kubernetes', '--driver-option', `kubeconfig=${cluster.kubeconfig}`];
  await place.start('k1', [...option, '--relist-interval', '1']);
  const phase = async (id: string) => (await place.status(id, 'k1'))?.phase;
  cluster.store.create(ingressNamed('theirs') as Parameters<typeof cluster.store.create>[0]);

  await place.set('web', 1, ingressNamed('web'));
  await place.set('theirs', 1, ingressNamed('theirs', 'mine'));
  await eventually(async () => (await phase('web')) === 'APPLIED', soon);
  const refused = async () => (await place.status('theirs', 'k1'))?.last_attempt;
  await eventually(async () => (await refused())?.reason === 'NOT_OWNED', soon);
  assert.equal((await refused())?.result, 'rejected');

  const rules = structuredClone(cluster.store.get('test', 'web').spec['rules']);
  cluster.store.edit('test', 'web', ({ spec }) => {
    spec['rules'] = [{ host: 'somebody.else' }];
  });
  const isMended = () => {
    assert.deepEqual(cluster.store.get('test', 'web').spec['rules'], rules);
  };
  await eventually(isMended, { timeoutMs: 45_000, everyMs: 200 });

  await place.remove('web', 2);
  await eventually(async () => (await phase('web')) === 'REMOVED', soon);
  const names = cluster.store.all().map(({ metadata }) => metadata.name);
  assert.deepEqual(names, ['theirs']);
});

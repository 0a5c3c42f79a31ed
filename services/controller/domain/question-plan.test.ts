import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planQuestions } from './question-plan.ts';

const agentAt = (name: string, ip: string, port = 50_051) => ({
  name,
  registration: { ip, grpc_port: port },
});

test('asks everyone, in order, while there are not too many', () => {
  const agents = [agentAt('b', '10.0.0.2'), agentAt('a', '::1', 7)];
  assert.deepEqual(planQuestions(agents, { max: 2, random: Math.random }), [
    { name: 'a', address: '[::1]:7' },
    { name: 'b', address: '10.0.0.2:50051' },
  ]);
});

for (const [what, agent] of [
  ['listens everywhere', agentAt('a', '0.0.0.0')],
  ['listens everywhere on IPv6', agentAt('a', '::')],
  ['named no port', agentAt('a', '10.0.0.1', 0)],
  ['has a registration that cannot be read', { name: 'a' }],
] as const) {
  test(`an agent that ${what} is named without an address`, () => {
    const questions = planQuestions([agent], { max: 1, random: Math.random });
    assert.deepEqual(questions, [{ name: 'a', address: undefined }]);
  });
}

test('of too many each is chosen once at most, and any may be', () => {
  const agents = Array.from({ length: 10 }, (_, index) => agentAt(`a${index}`, '10.0.0.1'));
  const seen = new Set<string>();
  for (let run = 0; run < 200; run += 1) {
    const names = planQuestions(agents, { max: 3, random: Math.random }).map(({ name }) => name);
    assert.equal(new Set(names).size, 3);
    for (const name of names) seen.add(name);
  }
  assert.equal(seen.size, 10);
});

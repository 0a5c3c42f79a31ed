import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { GrpcClient } from '#libs/grpc';
import type { AgentDefinition } from '#proto';
import { openAgentPlace } from '#test/agent-place';
import { eventually } from '#test/eventually';
import { claimOf, recordStatus, type StatusRecorder } from '#test/status-recorder';

const place = await openAgentPlace();
after(() => place[Symbol.asyncDispose]());
await place.ready(1, 1);

const soon = { timeoutMs: 10_000 };
const IN_FORCE = 'APPLIED 1 APPLIED: ok';
const DRIFTED = 'APPLYING 1 unproven: failed DRIFTED';
const REPAIRED = 'APPLIED 1 APPLIED: ok DRIFT_REPAIRED';

const pathOf = (agent: string, id: string) => join(place.stateDir(agent), 'configs', `${id}.json`);

/** What was said since `from`, equal claims in a row once. */
function claims({ statuses }: StatusRecorder, from = 0): string[] {
  const all = statuses.slice(from).map(claimOf);
  return all.filter((claim, index) => claim !== all[index - 1]);
}

/** Starts an agent that has config `id` at generation 1 and has said so. */
async function openInForce(agent: string, id: string) {
  const content = await place.set(id, 1, { site: id, host: 'bücher.example' });
  const recorder = await recordStatus(place.kv, { env: 'e', id, agent });
  const { program, client } = await place.start(agent);
  await eventually(() => claims(recorder).at(-1) === IN_FORCE, soon);
  return { content, recorder, program, client };
}

async function shownOf(client: GrpcClient<AgentDefinition>, id: string) {
  const { configs } = await client.call('ListAppliedConfigs', {});
  const shown = configs.find((config) => config.id === id);
  assert(shown);
  return shown;
}

test('what was changed or deleted behind its back is put back byte for byte, and told', async () => {
  const { content, recorder, client } = await openInForce('a1', 'edited');
  await using _ = recorder;
  for (const change of [
    () => writeFile(pathOf('a1', 'edited'), 'edited by hand'),
    () => rm(pathOf('a1', 'edited')),
  ]) {
    const from = recorder.statuses.length;
    await change();
    await client.call('Relist', {});
    await eventually(() => claims(recorder, from).at(-1) === REPAIRED, soon);
    assert.deepEqual(claims(recorder, from), [DRIFTED, REPAIRED]);
    assert.equal((await place.files('a1'))['edited'], content);
  }
  const messages = recorder.statuses.map((status) => status?.last_attempt?.message);
  assert.equal(messages.includes('what was in force was changed'), true);
  assert.equal(messages.includes('what was in force is missing'), true);
  const from = recorder.statuses.length;
  await client.call('Relist', {});
  await client.call('Relist', {});
  assert.deepEqual(claims(recorder, from), [], 'nothing drifted, nothing said');
  await place.remove('edited', 2);
});

test('a repair that cannot be done is visible and tried until it can', async () => {
  const { content, recorder, client } = await openInForce('a2', 'blocked');
  await using _ = recorder;
  const from = recorder.statuses.length;
  await rm(pathOf('a2', 'blocked'));
  await mkdir(join(pathOf('a2', 'blocked'), 'in-the-way'), { recursive: true });
  await client.call('Relist', {});
  const hasFailed = () => (recorder.statuses.at(-1)?.last_attempt?.attempts ?? 0) >= 3;
  await eventually(hasFailed, soon);
  assert.deepEqual(claims(recorder, from), [DRIFTED]);
  const { phase, proof, applied, lastAttempt } = await shownOf(client, 'blocked');
  assert.deepEqual([phase, proof], ['AGENT_PHASE_APPLYING', 'PROOF_UNSPECIFIED']);
  assert.equal(applied?.generation, 1);
  assert.deepEqual([lastAttempt?.reason, lastAttempt?.final], ['DRIFTED', false]);
  assert.match(lastAttempt?.message ?? '', /was changed; not repaired: cannot write blocked\.json/);

  await rm(pathOf('a2', 'blocked'), { recursive: true });
  await client.call('Relist', {});
  await eventually(() => claims(recorder, from).at(-1) === REPAIRED, soon);
  assert.deepEqual(claims(recorder, from), [DRIFTED, REPAIRED]);
  const attempts = recorder.statuses.slice(from).map((status) => status?.last_attempt?.attempts);
  assert.deepEqual(
    attempts,
    attempts.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    'every try is counted',
  );
  assert.equal((await place.files('a2'))['blocked'], content);
  await place.remove('blocked', 2);
});

test('a newer generation is simply applied over a drift', async () => {
  const { recorder, client } = await openInForce('a3', 'newer');
  await using _ = recorder;
  await rm(pathOf('a3', 'newer'));
  await mkdir(pathOf('a3', 'newer'));
  await client.call('Relist', {});
  await eventually(() => claims(recorder).at(-1) === DRIFTED, soon);
  await rm(pathOf('a3', 'newer'), { recursive: true });
  const content = await place.set('newer', 2, { newer: true });
  await eventually(() => claims(recorder).at(-1) === 'APPLIED 2 APPLIED: ok', soon);
  assert.equal((await place.files('a3'))['newer'], content);
  await place.remove('newer', 3);
});

test('what changed while it was down is reported at its start, and so is a repair cut short', async () => {
  const { content, recorder, program } = await openInForce('a4', 'down');
  await using _ = recorder;
  await program.kill();
  await rm(pathOf('a4', 'down'));
  await mkdir(pathOf('a4', 'down'));
  const from = recorder.statuses.length;
  const second = await place.start('a4');
  await eventually(() => claims(recorder, from).at(-1) === DRIFTED, soon);
  assert.deepEqual(claims(recorder, from), ['none', DRIFTED]);
  await eventually(() => (recorder.statuses.at(-1)?.last_attempt?.attempts ?? 0) >= 2, soon);

  await second.program.kill();
  const count = recorder.statuses.at(-1)?.last_attempt?.attempts ?? 0;
  await rm(pathOf('a4', 'down'), { recursive: true });
  await writeFile(pathOf('a4', 'down'), content);
  const restarted = recorder.statuses.length;
  await place.start('a4');
  await eventually(() => claims(recorder, restarted).at(-1) === REPAIRED, soon);
  assert.ok((recorder.statuses.at(-1)?.last_attempt?.attempts ?? 0) > count);
  assert.equal((await place.files('a4'))['down'], content);
  await place.remove('down', 2);
});

test('files that are not its own are left alone, by relists and by restarts', async () => {
  const { recorder, program, client } = await openInForce('a5', 'mine');
  await using _ = recorder;
  const dir = join(place.stateDir('a5'), 'configs');
  await writeFile(join(dir, 'foreign.json'), '{"not":"ours"}');
  await writeFile(join(dir, 'notes.txt'), 'keep');
  await mkdir(join(dir, 'folder.json'));
  await client.call('Relist', {});
  await program.kill();
  const { client: again } = await place.start('a5');
  await eventually(async () => (await again.call('GetAgent', {})).synced !== null, soon);
  // Two whole passes would be evidence against a config without a key.
  for (const pass of [2, 3, 4]) {
    await place.ready(1, pass);
    await again.call('Relist', {});
  }
  const agent = await again.call('GetAgent', {});
  assert.deepEqual([agent.appliedCount, agent.heldRemovalsTotal], [1, 0]);
  assert.equal(await place.status('foreign', 'a5'), undefined);
  assert.deepEqual((await readdir(dir)).toSorted(), [
    'folder.json',
    'foreign.json',
    'mine.json',
    'notes.txt',
  ]);
  await place.remove('mine', 2);
});

test('a removed config that is back is told and removed again', async () => {
  const { content, recorder, client } = await openInForce('a6', 'zombie');
  await using _ = recorder;
  await place.remove('zombie', 2);
  await eventually(() => claims(recorder).at(-1)?.startsWith('REMOVED 2') === true, soon);
  const from = recorder.statuses.length;
  await writeFile(pathOf('a6', 'zombie'), content);
  await client.call('Relist', {});
  await eventually(async () => (await place.files('a6'))['zombie'] === undefined, soon);
  await eventually(() => recorder.statuses.length > from, soon);
  assert.equal(recorder.statuses[from]?.phase, 'APPLIED');
  assert.equal(recorder.statuses[from]?.applied?.digest, '', 'no claim about a generation');
  await eventually(() => claims(recorder).at(-1)?.startsWith('REMOVED 2') === true, soon);
});

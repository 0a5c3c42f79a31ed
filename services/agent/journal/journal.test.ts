import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { AttemptSlot } from '#libs/keyspace';
import { silentLog } from '#libs/telemetry';
import type { ConfigVersion } from '../domain/record.ts';
import { decodeJournal, encodeLine } from './entry-line.ts';
import { ForeignJournalError, openJournal } from './journal.ts';
import { type JournalEntry, JournalMemory } from './journal-state.ts';

const at = '2026-01-01T00:00:00.000Z';
const proof = { level: 'APPLIED', method: 'file' } as const;
const version = (generation: number, content = '{"a":"ü"}'): ConfigVersion => ({
  generation,
  digest: `d${generation}`,
  content,
  traceparent: '',
  createdAt: '2026-01-01T00:00:00.000Z',
});
const attempt = (generation: number): AttemptSlot => ({
  generation,
  digest: `d${generation}`,
  result: 'ok',
  reason: '',
  message: '',
  attempts: 1,
  final: false,
  at,
});
const appliedFacts = (id: string, generation: number): JournalEntry[] => [
  { t: 'try', id, version: version(generation) },
  { t: 'applied', id, at, proof, attempt: attempt(generation) },
];

async function openDir() {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-journal-'));
  return {
    dir,
    open: (agent = 'a') => openJournal({ dir, env: 'e', agent, log: silentLog }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

test('a fact that comes the moment the one before is durable is written, too', async () => {
  await using place = await openDir();
  await using journal = await place.open();
  const first = async () => {
    await journal.append({ t: 'lease', lease: '1' });
  };
  await first();
  // Turns of different lengths after the answer: none of them may fall between two writes.
  for (let turns = 0; turns < 8; turns += 1) {
    const isWritten = journal.append({ t: 'lease', lease: '2' });
    assert.equal(
      await Promise.race([isWritten, delay(5_000, 'forgotten', { ref: false })]),
      undefined,
    );
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }
});

test('what was appended is there after a reopening', async () => {
  await using place = await openDir();
  {
    await using journal = await place.open();
    assert.equal(journal.condition, 'fresh');
    await journal.append(...appliedFacts('x', 3), { t: 'lease', lease: '42' });
    await journal.append({ t: 'mark', mark: { epoch: 2, pass: 9 } });
    journal.note({ t: 'removed', id: 'y', removed: { generation: 4, at, tombstone: true } });
  }
  await using journal = await place.open();
  assert.equal(journal.condition, 'intact');
  assert.equal(journal.state.configs.get('x')?.applied?.generation, 3);
  assert.equal(journal.state.configs.get('x')?.applied?.content, '{"a":"ü"}');
  assert.equal(journal.state.lease, '42');
  assert.deepEqual(journal.state.mark, { epoch: 2, pass: 9 });
  assert.equal(journal.state.removed.get('y')?.generation, 4);
});

test('concurrent facts all arrive, and the file is compacted as it grows', async () => {
  await using place = await openDir();
  const content = JSON.stringify({ text: 'x'.repeat(20_000) });
  {
    await using journal = await place.open();
    const ids = Array.from({ length: 100 }, (_, n) => `c${n}`);
    for (let generation = 1; generation <= 8; generation += 1) {
      await Promise.all(
        ids.map(async (id) => {
          await journal.append({ t: 'try', id, version: version(generation, content) });
          await journal.append({ t: 'applied', id, at, proof, attempt: attempt(generation) });
        }),
      );
    }
  }
  const { length } = await readFile(join(place.dir, 'journal'));
  // Uncompacted it were eight times the content; a state holds at most the last two versions.
  assert.ok(length < 100 * 20_000 * 5, `${length} bytes`);
  await using journal = await place.open();
  assert.equal(journal.state.configs.size, 100);
  for (const { applied } of journal.state.configs.values()) assert.equal(applied?.generation, 8);
});

test('a journal from before configs had a time of creation is read with none', () => {
  const { createdAt: _, ...older } = version(1);
  const entry = { t: 'try', id: 'x', version: older } as JournalEntry;
  const { entries } = decodeJournal(Buffer.from(encodeLine(entry)));
  assert.deepEqual(entries, [{ t: 'try', id: 'x', version: { ...older, createdAt: '' } }]);
});

test('the highest mark stays the highest, whatever is seen later', () => {
  const memory = new JournalMemory();
  memory.take({ t: 'mark', mark: { epoch: 5, pass: 7 } });
  memory.take({ t: 'mark', mark: { epoch: 4, pass: 99 } });
  assert.deepEqual(memory.mark, { epoch: 5, pass: 7 });
});

test('the snapshot of a state leads to the same state', () => {
  const memory = new JournalMemory();
  const facts: JournalEntry[] = [
    ...appliedFacts('x', 3),
    { t: 'try', id: 'x', version: version(4) },
    { t: 'removing', id: 'x', generation: 5, tombstone: true },
    { t: 'removed', id: 'y', removed: { generation: 4, at, tombstone: false } },
    { t: 'attempt', id: 'z', attempt: { ...attempt(1), result: 'rejected' } },
    ...appliedFacts('w', 2),
    {
      t: 'drift',
      id: 'w',
      drift: { found: 'changed', attempt: { ...attempt(2), result: 'failed' } },
    },
    { t: 'brake', brake: { epoch: 1, limit: 2, used: 1 } },
    { t: 'hold', held: true },
    { t: 'lease', lease: '7' },
  ];
  for (const fact of facts) memory.take(fact);
  const copy = new JournalMemory();
  for (const fact of memory.snapshot()) copy.take(fact);
  assert.deepEqual(copy, memory);
});

test('a journal torn at any byte keeps whole facts only, and says so', () => {
  const header: JournalEntry = { t: 'header', format: 1, env: 'e', agent: 'a' };
  const facts = [header, ...appliedFacts('x', 1), ...appliedFacts('x', 2), ...appliedFacts('y', 1)];
  const bytes = Buffer.from(facts.map(encodeLine).join(''));
  fc.assert(
    fc.property(fc.nat(bytes.length), (length) => {
      const { entries, condition } = decodeJournal(bytes.subarray(0, length));
      assert.deepEqual(entries, facts.slice(0, entries.length));
      const isWhole = Buffer.byteLength(entries.map(encodeLine).join('')) === length;
      const expected = entries.length === 0 ? 'corrupt' : isWhole ? 'intact' : 'torn';
      assert.equal(condition, expected);
    }),
  );
});

test('a journal with any damaged byte never yields a fact that was not written', () => {
  const header: JournalEntry = { t: 'header', format: 1, env: 'e', agent: 'a' };
  const facts = [header, ...appliedFacts('x', 1), ...appliedFacts('y', 2)];
  const bytes = Buffer.from(facts.map(encodeLine).join(''));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
      const { entries, condition } = decodeJournal(damaged);
      assert.notEqual(condition, 'intact');
      assert.deepEqual(entries, facts.slice(0, entries.length));
    }),
    { numRuns: 500 },
  );
});

test('garbage is a corrupt journal, not a crash', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(decodeJournal(Buffer.from(bytes)).condition, 'corrupt');
    }),
  );
  await using place = await openDir();
  await writeFile(join(place.dir, 'journal'), 'not a journal\n');
  await using journal = await place.open();
  assert.equal(journal.condition, 'corrupt');
  await journal.append(...appliedFacts('x', 1));
});

test('a lost journal stays lost until the first fact of its successor is on the disk', async () => {
  await using place = await openDir();
  const conditionOf = async (fact?: JournalEntry) => {
    await using journal = await place.open();
    if (fact) await journal.append(fact);
    return journal.condition;
  };
  const hold: JournalEntry = { t: 'hold', held: true };
  assert.deepEqual([await conditionOf(), await conditionOf(hold)], ['fresh', 'fresh']);
  assert.equal(await conditionOf(), 'intact');
  await writeFile(join(place.dir, 'journal'), 'not a journal\n');
  assert.deepEqual([await conditionOf(), await conditionOf(hold)], ['corrupt', 'corrupt']);
  assert.equal(await conditionOf(), 'intact');
});

test('a drift lasts until its version is applied again, across failures of another', () => {
  const memory = new JournalMemory();
  const drift = { found: 'missing', attempt: { ...attempt(1), result: 'failed' } } as const;
  const facts: JournalEntry[] = [...appliedFacts('x', 1), { t: 'drift', id: 'x', drift }];
  for (const fact of facts) memory.take(fact);
  memory.take({ t: 'attempt', id: 'x', attempt: { ...attempt(2), result: 'rejected' } });
  assert.deepEqual(memory.configs.get('x')?.drift, drift);
  assert.equal(memory.configs.get('x')?.applied?.generation, 1);
  for (const fact of appliedFacts('x', 1)) memory.take(fact);
  assert.equal(memory.configs.get('x')?.drift, undefined);
});

test('a fact that a full disk refused is durable with the next one', async (t) => {
  await using place = await openDir();
  {
    await using journal = await place.open();
    await journal.append({ t: 'lease', lease: '1' });
    await using handle = await open(place.dir);
    const full = () => Promise.reject(new Error('no space left on device'));
    const sync = t.mock.method(Object.getPrototypeOf(handle), 'datasync', full);
    journal.note({ t: 'removed', id: 'x', removed: { generation: 4, at, tombstone: true } });
    await assert.rejects(journal.append({ t: 'lease', lease: '2' }), /no space/);
    sync.mock.restore();
    await journal.append({ t: 'lease', lease: '3' });
  }
  await using journal = await place.open();
  assert.equal(journal.state.removed.get('x')?.generation, 4);
  assert.equal(journal.state.lease, '3');
});

test('refuses the journal of another agent', async () => {
  await using place = await openDir();
  {
    await using journal = await place.open('a');
    await journal.append({ t: 'lease', lease: '1' });
  }
  await assert.rejects(place.open('b'), ForeignJournalError);
});

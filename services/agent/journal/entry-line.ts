import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { JournalEntry } from './journal-state.ts';

const count = z.int().min(0);
const version = z.object({
  generation: count,
  digest: z.string(),
  content: z.string(),
  traceparent: z.string(),
  // Journals from before configs had one lack it.
  createdAt: z.string().default(''),
});
const proof = z.object({ level: z.enum(['APPLIED', 'VERIFIED']), method: z.string() });
const attempt = z.object({
  generation: count,
  digest: z.string(),
  result: z.enum(['ok', 'failed', 'rejected', 'rolled_back']),
  reason: z.string(),
  message: z.string(),
  attempts: count,
  final: z.boolean(),
  at: z.string(),
});
const removed = z.object({ generation: count, at: z.string(), tombstone: z.boolean() });
const id = z.string();
const t = <const T extends string>(name: T) => z.literal(name);

const entry: z.ZodType<JournalEntry> = z.discriminatedUnion('t', [
  z.object({ t: t('header'), format: z.literal(1), env: z.string(), agent: z.string() }),
  z.object({ t: t('try'), id, version }),
  z.object({ t: t('applied'), id, at: z.string(), proof, attempt }),
  z.object({
    t: t('config'),
    id,
    applied: version.extend({ at: z.string(), proof }).nullable(),
    attempt: attempt.nullable(),
  }),
  z.object({ t: t('attempt'), id, attempt }),
  z.object({
    t: t('drift'),
    id,
    drift: z.object({ found: z.enum(['missing', 'changed', 'unreadable']), attempt }),
  }),
  z.object({ t: t('removing'), id, generation: count, tombstone: z.boolean() }),
  z.object({ t: t('removed'), id, removed }),
  z.object({ t: t('forget'), id }),
  z.object({ t: t('mark'), mark: z.object({ epoch: count, pass: count }) }),
  z.object({
    t: t('brake'),
    brake: z.object({ epoch: count, limit: count, used: count }),
  }),
  z.object({ t: t('lease'), lease: z.string() }),
  z.object({ t: t('hold'), held: z.boolean() }),
]);

/** One line of the journal: a checksum, a blank, JSON, a newline. */
export function encodeLine(value: JournalEntry): string {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
}

/** What a whole journal says. */
export interface JournalText {
  entries: readonly JournalEntry[];
  /** `torn`: the last line is incomplete. `corrupt`: a line is damaged, or the first is no header. */
  condition: 'intact' | 'torn' | 'corrupt';
}

/** Reads a journal up to its first damaged line. Never throws. */
export function decodeJournal(bytes: Buffer): JournalText {
  const entries: JournalEntry[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return { entries, condition: entries.length > 0 ? 'torn' : 'corrupt' };
    const decoded = decodeLine(bytes.toString('utf8', start, end));
    if (!decoded) return { entries, condition: 'corrupt' };
    entries.push(decoded);
    start = end + 1;
  }
  return { entries, condition: entries[0]?.t === 'header' ? 'intact' : 'corrupt' };
}

function decodeLine(line: string): JournalEntry | undefined {
  const text = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(text)} `) return undefined;
  try {
    const parsed = entry.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

// Two ways to read a status, held to one another: in one pass, and by the schema.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { parseText } from './json-value.ts';
import { plainStatus } from './plain-status.ts';
import { type StatusValue, statusSchema } from './status-schema.ts';
import { decodeStatus, encodeStatus } from './status-value.ts';
import { anyStatus, damage, damaged } from './testing/any-status.ts';

const NUM_RUNS = 1_000;
/** Values of a status that are no objects. */
const FIELD_COUNT = 17;

/** Without a quote, a backslash or a control character. */
const isPlain = (text: string) => JSON.stringify(text) === `"${text}"`;
const plainText = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(isPlain);
const text = fc.oneof(plainText, fc.string({ unit: 'binary', maxLength: 40 }));
const status = anyStatus(text);

/** What other programs may write where a field stands: the hard cases of each kind. */
const HARD = [
  ...[
    'null',
    'true',
    '{}',
    '[]',
    '""',
    '"\\u0041"',
    '"\u2028"',
    '"\x7f"',
    '"\t"',
    '"\x1f"',
    '"\0"',
  ],
  ...['0', '-0', '-1', '00', '01', '1.0', '1.5', '1e3', '999999999999999', '9007199254740991'],
  ...['9007199254740992', '9007199254740993', '99999999999999999999', '1e999', 'NaN', ' 1 '],
  ...['"APPLIED"', '"ok"', '"applied"', `"${'x'.repeat(512)}"`, `"${'x'.repeat(513)}"`],
  ...[`"${'😀'.repeat(256)}"`, `"${'😀'.repeat(257)}"`, '"\\ud800"', '"\\n"', '{"generation":1}'],
];
const HOW = ['drop', 'replace', 'twice', 'beside', 'space', 'last'] as const;
const FOREIGN = ['__proto__', 'constructor', 'extra', 'epoch', 'at', 'message'];

interface Change {
  /** The number of a field whose value is no object. */
  readonly at: number;
  readonly how: (typeof HOW)[number];
  readonly json: string;
  /** Of a field beside it. */
  readonly name: string;
}

/** A status in which one field is gone, or another value, or there twice, or beside a foreign one. */
function changed(value: StatusValue, { at, how, json, name }: Change): string {
  const whole = encodeStatus(value);
  // Texts may look like fields, which is welcome.
  const fields = [...whole.matchAll(/"[a-z_]+":(?:"[^"]*"|null|true|false|[0-9]+)/g)];
  const field = fields[at % fields.length];
  if (!field) return whole;
  const [before, old] = [whole.slice(0, field.index), field[0]];
  const after = whole.slice(field.index + old.length);
  const key = old.slice(0, old.indexOf(':'));
  if (how === 'drop') return before + after.replace(/^,/, '');
  if (how === 'replace') return `${before}${key}:${json}${after}`;
  if (how === 'twice') return `${before}${key}:${json},${old}${after}`;
  if (how === 'beside') return `${before}"${name}":${json},${old}${after}`;
  if (how === 'space') return `${before} ${old}${after}\n`;
  return `${whole.slice(0, -1)},${key}:${json}}`;
}

const change: Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom(...HOW),
  json: fc.oneof(fc.constantFrom(...HARD), fc.json({ stringUnit: 'binary' })),
  name: fc.constantFrom(...FOREIGN),
});

const bySchema = (json: string) => parseText(json, statusSchema);

function assertSame(json: string): void {
  const known = plainStatus(json);
  if (known) assert.deepEqual(known, bySchema(json), json);
  // As its bytes are read: what is no text in UTF-8 is replaced first.
  const bytes = Buffer.from(json);
  assert.deepEqual(decodeStatus(bytes), bySchema(bytes.toString()), json);
}

test('a status without escapes is read in one pass, in whatever order its fields were given', () => {
  const shuffled = (value: StatusValue): StatusValue =>
    Object.fromEntries(Object.entries(value).toReversed()) as StatusValue;
  const digits = ({ epoch, applied, last_attempt: tried }: StatusValue) =>
    [epoch, applied?.generation, tried?.generation, tried?.attempts].join();
  const property = fc.property(anyStatus(plainText), (value) => {
    fc.pre(isPlain(value.last_attempt?.message ?? ''));
    fc.pre(!/[0-9]{16}/.test(digits(value)));
    assert.deepEqual(plainStatus(encodeStatus(shuffled(value))), bySchema(encodeStatus(value)));
  });
  fc.assert(property, { numRuns: NUM_RUNS / 5 });
});

test('a status that was written is read alike in both ways', () => {
  const property = fc.property(status, (value) => assertSame(encodeStatus(value)));
  fc.assert(property, { numRuns: NUM_RUNS });
});

test('what is nearly a status is read alike in both ways', () => {
  const property = fc.property(status, change, (value, how) => assertSame(changed(value, how)));
  fc.assert(property, { numRuns: NUM_RUNS });
});

test('a hard value in any field is read alike in both ways', () => {
  const slot = { generation: 1, digest: 'd', at: 't' };
  const attempt = { result: 'ok', reason: 'r', message: 'm', attempts: 1, final: true } as const;
  const whole: StatusValue = {
    ...{ instance: 'i', epoch: 1, phase: 'APPLIED', applied: slot, traceparent: 'p' },
    ...{ last_attempt: { ...slot, ...attempt }, proof: { level: 'APPLIED', method: 'n' } },
  };
  assert.deepEqual(plainStatus(encodeStatus(whole)), whole);
  const at = Array.from({ length: FIELD_COUNT }, (_, index) => index);
  for (const json of HARD) {
    for (const index of at)
      assertSame(changed(whole, { at: index, how: 'replace', json, name: '' }));
  }
});

test('a damaged status is read alike in both ways', () => {
  const property = fc.property(
    status,
    fc.array(damage, { minLength: 1, maxLength: 3 }),
    (value, all) => {
      const bytes = all.reduce(damaged, Buffer.from(encodeStatus(value)));
      assertSame(bytes.toString());
      assert.deepEqual(decodeStatus(new Uint8Array(bytes)), bySchema(bytes.toString()));
    },
  );
  fc.assert(property, { numRuns: NUM_RUNS });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestViolations, withRequestCheck } from './broken-requests.ts';
import { serviceDefinition } from './protos.ts';
import { structFromObject } from './struct.ts';

const { SetIngressConfig } = withRequestCheck(serviceDefinition('Controller'));
/** Replaced by other bytes, as many, so that every length in the message stays right. */
const MARK = 'X-MARK';

/** A field below 16, its length in two bytes. */
function field(number: number, value: Buffer): Buffer {
  const length = [(value.length & 0x7f) | 0x80, value.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), value]);
}

function received(request: object, bytes: string): object {
  assert(SetIngressConfig);
  const whole = SetIngressConfig.requestSerialize(request).toString('latin1');
  assert(whole.includes(MARK) && bytes.length === MARK.length);
  const changed = whole.replaceAll(MARK, () => bytes);
  return SetIngressConfig.requestDeserialize(Buffer.from(changed, 'latin1')) as object;
}

const BROKEN: Record<string, string> = {
  'a byte that begins nothing': 'ok\xffok!',
  'a surrogate': 'ab\xed\xa0\x80!',
  'a character cut short': 'abcd!\xc3',
  'a slash in two bytes': 'abc\xc0\xaf!',
};
const REQUESTS: Record<string, object> = {
  env: { env: MARK },
  labels: { labels: { [MARK]: '' } },
  config: { config: structFromObject({ a: ['b', { c: MARK }] }) },
  config_json: { configJson: `{"a":"${MARK}"}` },
};
for (const [name, bytes] of Object.entries(BROKEN)) {
  for (const [field, request] of Object.entries(REQUESTS)) {
    test(`${name} is found in ${field}`, () => {
      const description = 'must be valid UTF-8';
      assert.deepEqual(requestViolations(received(request, bytes)), [{ field, description }]);
    });
  }
}

test('what is no message, or nested past all measure, is a request that says so', () => {
  // A list (6) in a value (1) in a list, and so on, in the entry of a Struct (1, 2) that is the config.
  let deep: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 60; level += 1) deep = field(6, field(1, deep));
  deep = field(3, field(1, field(2, deep)));
  for (const bytes of [deep, Buffer.alloc(11, 0xff)]) {
    const request = SetIngressConfig?.requestDeserialize(bytes) as object;
    const [violation, ...others] = requestViolations(request);
    assert.deepEqual([violation?.field, others], ['request', []]);
  }
});

test('every field that holds such bytes is named, once', () => {
  const labels = { [MARK]: MARK, other: MARK };
  const request = received({ env: '1', id: MARK, labels }, 'ok\xffok!');
  const fields = requestViolations(request).map(({ field }) => field);
  assert.deepEqual(fields.toSorted(), ['id', 'labels']);
});

test('any Unicode is a text, also the character that stands for broken ones', () => {
  for (const text of ['\u{fffd}abc', 'ä\u{1f600}', 'abcdef']) {
    const request = received({ note: MARK }, Buffer.from(text).toString('latin1'));
    assert.deepEqual(requestViolations(request), []);
    assert.equal((request as { note: string }).note, text);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textViolations, withTextCheck } from './invalid-text.ts';
import { serviceDefinition } from './protos.ts';
import { structFromObject } from './struct.ts';

const { SetIngressConfig } = withTextCheck(serviceDefinition('Controller'));
/** Replaced by other bytes, as many, so that every length in the message stays right. */
const MARK = 'X-MARK';

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
      assert.deepEqual(textViolations(received(request, bytes)), [{ field, description }]);
    });
  }
}

test('every field that holds such bytes is named, once', () => {
  const labels = { [MARK]: MARK, other: MARK };
  const request = received({ env: '1', id: MARK, labels }, 'ok\xffok!');
  const fields = textViolations(request).map(({ field }) => field);
  assert.deepEqual(fields.toSorted(), ['id', 'labels']);
});

test('any Unicode is a text, also the character that stands for broken ones', () => {
  for (const text of ['\u{fffd}abc', 'ä\u{1f600}', 'abcdef']) {
    const request = received({ note: MARK }, Buffer.from(text).toString('latin1'));
    assert.deepEqual(textViolations(request), []);
    assert.equal((request as { note: string }).note, text);
  }
});

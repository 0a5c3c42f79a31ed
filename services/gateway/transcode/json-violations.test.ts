import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@bufbuild/protobuf';
import { descriptorSet } from '#libs/grpc';
import { readApi } from './endpoints.ts';
import { jsonViolations } from './json-violations.ts';

const { registry } = readApi(descriptorSet);

function violationsOf(name: string, json: JsonObject): string[] {
  const message = registry.getMessage(`rollcall.v1.${name}`);
  assert(message);
  const found = jsonViolations(message, json, registry);
  return found.map(({ field, description }) => `${field}: ${description}`);
}

const CASES: [name: string, message: string, json: JsonObject, found: string[]][] = [
  ['nothing', 'SetIngressConfigRequest', { env: '1', config: { a: [1] } }, []],
  ['an unknown field', 'SetIngressConfigRequest', { a: 1 }, ['a: is no field here']],
  [
    'a word that the enum does not have',
    'SetIngressConfigRequest',
    { completionPolicy: 'NOPE' },
    [
      'completion_policy: must be COMPLETION_POLICY_UNSPECIFIED or COMPLETION_POLICY_APPLIED' +
        ' or COMPLETION_POLICY_VERIFIED',
    ],
  ],
  [
    'a config that is no object',
    'SetIngressConfigRequest',
    { config: [1] },
    ['config: must be a JSON object'],
  ],
  [
    'two of which one is allowed',
    'SetIngressConfigRequest',
    { config: {}, configJson: '{}' },
    ['config_json: must not come together with config'],
  ],
  [
    'several at once',
    'SetIngressConfigRequest',
    { env: 1, labels: { a: 1 } },
    ['env: expected string, got 1', 'labels: map entry "a": expected string, got 1'],
  ],
  [
    'one in a list',
    'BatchSetIngressConfigsRequest',
    { requests: [{ env: '1' }, { validate_only: 'no', colour: 'red' }] },
    [
      'requests[1].validate_only: expected boolean, got "no"',
      'requests[1].colour: is no field here',
    ],
  ],
  [
    'a mask of names as in the .proto file',
    'UpdateEnvironmentRequest',
    { minAgents: 1, updateMask: 'min_agents' },
    ['update_mask: must be names in camelCase with commas between them'],
  ],
  [
    'a message that is none',
    'WaitForCompletionRequest',
    { after: 3 },
    ['after: must be a JSON object'],
  ],
  [
    'one in a message',
    'WaitForCompletionRequest',
    { after: { x: 1 } },
    ['after.x: is no field here'],
  ],
];

for (const [name, message, json, found] of CASES) {
  test(`names what is wrong in JSON: ${name}`, () => {
    assert.deepEqual(violationsOf(message, json), found);
  });
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { JsonObject } from '#libs/keyspace';
import { checkSet } from '#services/controller/domain/request-rules.ts';
import { MANIFESTS, noManifests } from './collection.ts';
import { REFUSED } from './refused.ts';

test('of the public manifests exactly those on the list are refused, each for its reason', {
  skip: noManifests,
}, () => {
  const refused = new Map<string, string[]>();
  for (const name of readdirSync(MANIFESTS).filter((each) => each.endsWith('.yaml'))) {
    const config = parse(readFileSync(join(MANIFESTS, name), 'utf8')) as JsonObject;
    const checked = checkSet({
      ...{ env: '1', id: name.slice(0, 3), config, policy: 'APPLIED' },
      ...{ labels: {}, requestId: '', note: '' },
    });
    if ('ok' in checked) continue;
    refused.set(
      name.slice(0, 3),
      checked.violations.map(({ field, description }) => `${field}: ${description}`),
    );
  }
  const unexpected = [...refused].filter(([id]) => !REFUSED[id]);
  assert.deepEqual(unexpected, []);
  for (const [id, { field }] of Object.entries(REFUSED)) {
    const violations = refused.get(id) ?? [];
    assert(
      violations.some((violation) => violation.startsWith(`${field}: `)),
      `${id}: ${violations.join('; ')}`,
    );
  }
});

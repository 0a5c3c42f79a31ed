// Every Ingress manifest of a collection of public ones, through Set, every agent's disk and COMPLETE.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { parse } from 'yaml';
import { RpcError } from '#libs/grpc';
import { openSystem } from '#test/system';
import { MANIFESTS, noManifests } from '../manifests/collection.ts';
import { REFUSED } from '../manifests/refused.ts';

test('each manifest is on every agent as it was set, byte for byte, or refused for the reason on the list', {
  skip: noManifests,
}, async (t) => {
  await using system = await openSystem({ controllers: 2, agents: { '1': 3 } });
  const wanted = new Map<string, string>();
  const refused = new Map<string, string>();
  const names = (await readdir(MANIFESTS)).filter((name) => name.endsWith('.yaml')).toSorted();
  for (const name of names) {
    const id = name.slice(0, 3);
    const manifest: unknown = parse(await readFile(join(MANIFESTS, name), 'utf8'));
    try {
      await system.controller.call('SetIngressConfig', {
        env: '1',
        id,
        configJson: JSON.stringify(manifest),
      });
      wanted.set(id, canonicalize(manifest) ?? '');
    } catch (error) {
      assert(error instanceof RpcError && error.codeName === 'INVALID_ARGUMENT', String(error));
      refused.set(id, error.violations.map((violation) => violation.field).join(' '));
    }
  }
  t.diagnostic(`${wanted.size} set, ${refused.size} refused of ${names.length}`);
  assert.deepEqual([...refused.keys()].toSorted(), Object.keys(REFUSED).toSorted());
  for (const [id, { field }] of Object.entries(REFUSED)) {
    assert(refused.get(id)?.includes(field), `${id}: ${refused.get(id)} should name ${field}`);
  }
  for (const id of wanted.keys()) {
    await system.completion('1', id, ({ state }) => state === 'COMPLETION_STATE_COMPLETE', 30_000);
  }
  for (const agent of system.agents.values()) assert.deepEqual(await agent.files(), wanted);
});

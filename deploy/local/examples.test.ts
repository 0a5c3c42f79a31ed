import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExamples } from './examples.ts';

test('there are at least twenty examples, each with an id of its own', () => {
  const ids = readExamples().map(({ id }) => id);
  assert(ids.length >= 20);
  assert.equal(new Set(ids).size, ids.length);
});

test('every example is an Ingress with labels or rules to show', () => {
  for (const { config, id } of readExamples()) {
    assert.equal(config['kind'], 'Ingress', id);
    assert.equal(config['apiVersion'], 'networking.k8s.io/v1', id);
    assert.notEqual(config['spec'], undefined, id);
  }
});

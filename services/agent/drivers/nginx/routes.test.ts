import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DriverError } from '../driver.ts';
import { quoted, wildcardName } from './nginx-text.ts';
import { type Claim, conflictsOf, merged, type Route } from './routes.ts';

const route = (host: string, path: string, match: Route['match'] = 'prefix'): Route => ({
  ...{ host, path, match },
  upstream: '127.0.0.1:1',
});
const claim = (id: string, createdAt: string, ...routes: Route[]): Claim => ({
  ...{ id, createdAt, routes },
  ...{ tls: [], behaviour: {} },
});

test('the oldest config has a route, whatever the order, and the loser holds none of its own', () => {
  const old = claim('z', '2026-01-01', route('a', '/x'));
  const young = claim('a', '2026-01-02', route('a', '/x'), route('b', '/y'));
  const third = claim('b', '2026-01-03', route('b', '/y'));
  const unknown = claim('c', '', route('b', '/y'));
  for (const claims of [
    [old, young, third, unknown],
    [unknown, third, young, old],
  ]) {
    const expected = new Map([
      ['a', 'z'],
      ['c', 'b'],
    ]);
    assert.deepEqual(new Map(conflictsOf(claims)), expected);
  }
});

test('equal ages are decided by id, and the match is part of the route', () => {
  const a = claim('a', '2026-01-01', route('h', '/x'));
  const b = claim('b', '2026-01-01', route('h', '/x'));
  const exact = claim('c', '2026-01-01', route('h', '/x', 'exact'));
  assert.deepEqual(new Map(conflictsOf([b, a, exact])), new Map([['b', 'a']]));
});

test('a host answers for less exact hosts only where its own paths leave something open', () => {
  const own = [route('a.x', '/foo')];
  const wild = [route('*.x', '/foo/bar'), route('*.x', '/foobar'), route('*.x', '/foo', 'exact')];
  const every = [route('', ''), route('', '/foobar/1', 'exact')];
  const kept = merged([own, wild, every]).map(({ host, path }) => `${host}${path}`);
  assert.deepEqual(kept, ['a.x/foo', '*.x/foobar', '']);
});

test('what cannot be quoted is refused', () => {
  assert.equal(quoted('a b;{}#~'), '"a b;{}#~"');
  assert.equal(wildcardName('*.a.example'), '"~^[a-z0-9_-]+[.]a[.]example$"');
  for (const text of ['"', '\\', '$host', 'a\nb', '\0', '\u007f', 'é']) {
    assert.throws(() => quoted(text), DriverError, JSON.stringify(text));
  }
});

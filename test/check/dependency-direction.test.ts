import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findImports, toPath, violationsOf } from './dependency-direction.ts';

const FIRING: readonly (readonly [file: string, imported: string, rule: RegExp])[] = [
  ['proto/generate.ts', '#libs/etcd', /proto imports nothing/],
  ['libs/etcd/client.ts', '#services/agent/main.ts', /libs never import services/],
  ['libs/etcd/client.ts', '../../services/agent/main.ts', /libs never import services/],
  ['libs/etcd/client.ts', '#local', /libs never import deploy/],
  ['libs/etcd/client.test.ts', '#test/servers', /libs never import test/],
  ['libs/lifecycle/clock.ts', '#libs/etcd', /lifecycle never imports libs\/etcd/],
  ['libs/config/parse.ts', '#libs/keyspace', /config never imports libs\/keyspace/],
  ['libs/keyspace/keys.ts', '#libs/etcd', /keyspace never imports libs\/etcd/],
  ['libs/etcd/client.ts', '#libs/keyspace', /etcd never imports libs\/keyspace/],
  ['libs/etcd/client.ts', '#libs/reconcile', /etcd never imports libs\/reconcile/],
  ['libs/reconcile/work-queue.ts', '#libs/etcd', /reconcile never imports libs\/etcd/],
  ['libs/grpc/server.ts', '#libs/mysql', /grpc never imports libs\/mysql/],
  ['libs/novel/a.ts', '#libs/etcd', /libs\/novel has no layer/],
  ['libs/etcd/client.ts', '../lifecycle/signals.ts', /only the index\.ts of a lib/],
  ['services/agent/app.ts', '#libs/etcd/client.ts', /only the index\.ts of a lib/],
  ['services/agent/app.ts', '#services/controller/app.ts', /one service never imports another/],
  ['services/agent/app.ts', '../controller/app.ts', /one service never imports another/],
  ['services/agent/app.ts', '#local', /services never import deploy/],
  ['services/agent/app.test.ts', '#test/eventually', /services never import test/],
  ['services/agent/domain/gate.ts', '../engine/engine.ts', /domain imports only its own types/],
  ['services/agent/domain/gate.ts', '#libs/etcd', /domain imports only its own types/],
  ['services/agent/domain/gate.ts', 'node:net', /domain imports only its own types/],
  ['services/agent/domain/gate.ts', 'node:fs', /domain imports only its own types/],
  ['services/agent/domain/gate.ts', 'pino', /domain imports only its own types/],
  ['services/agent/engine/deep/a.ts', '../../domain/gate.ts', /climbs two folders/],
  ['deploy/local/demo.ts', '../../services/agent/main.ts', /deploy never imports services/],
  ['deploy/local/demo.ts', '#test/system', /deploy never imports test/],
  ['test/bench/floors/a.ts', '#libs/etcd', /floors import nothing of ours/],
  ['test/bench/floors/a.ts', '../ratio.ts', /floors import nothing of ours/],
  ['test/e2e/a.test.ts', '../../deploy/local/etcd.ts', /only the index\.ts of deploy\/local/],
];

const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['libs/etcd/client.ts', '#libs/lifecycle'],
  ['test/bench/floors/a.ts', './grpc.ts'],
  ['test/bench/floors/a.ts', 'mysql2/promise'],
  ['libs/etcd/client.ts', './types.ts'],
  ['libs/telemetry/log.ts', '#libs/lifecycle'],
  ['libs/grpc/server.ts', '#proto'],
  ['libs/etcd/client.ts', 'etcd3'],
  ['services/agent/app.ts', '#libs/keyspace'],
  ['services/agent/engine/engine.ts', '../domain/gate.ts'],
  ['services/agent/domain/gate.ts', './record.ts'],
  ['services/agent/domain/gate.ts', '#libs/keyspace'],
  ['services/agent/domain/gate.test.ts', 'node:test'],
  ['deploy/local/demo.ts', '#libs/grpc'],
  ['test/e2e/a.test.ts', '#services/agent/domain/gate.ts'],
  ['test/e2e/a.test.ts', '#local'],
];

for (const [file, imported, rule] of FIRING) {
  test(`refuses ${imported} in ${file}`, () => {
    const violations = violationsOf(file, `import { x } from '${imported}';\n`);
    assert(
      violations.some((violation) => rule.test(violation.rule)),
      JSON.stringify(violations),
    );
  });
}

for (const [file, imported] of ALLOWED) {
  test(`allows ${imported} in ${file}`, () => {
    assert.deepEqual(violationsOf(file, `import { x } from '${imported}';\n`), []);
  });
}

test('finds imports in every form', () => {
  const source = [
    "import a from 'a';",
    "import type { B } from 'b';",
    "import {\n  c,\n  d,\n} from 'c';",
    "import 'd';",
    "export { e } from 'e';",
    "export type {\n  F,\n} from 'f';",
    "const g = await import('g');",
    "// import h from 'h';",
    "/* import i from 'i'; */",
    "const text = 'from';",
    "export type H =\n  | { from: 'j' }\n  | 'k';",
    "export function l(from = 'm') {}",
  ].join('\n');
  assert.deepEqual(findImports(source), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('maps every form of specifier to a path', () => {
  const from = (specifier: string) => toPath('services/agent/app.ts', specifier);
  assert.equal(from('./config.ts'), 'services/agent/config.ts');
  assert.equal(from('#libs/etcd'), 'libs/etcd/index.ts');
  assert.equal(from('#proto'), 'proto/gen/index.ts');
  assert.equal(from('#services/cli/main.ts'), 'services/cli/main.ts');
  assert.equal(from('#test/system'), 'test/support/system.ts');
  assert.equal(from('node:fs'), undefined);
});

test('of node:net, pure code may use what only computes', () => {
  const check = (names: string) =>
    violationsOf('services/agent/domain/a.ts', `import { ${names} } from 'node:net';\n`).length;
  assert.equal(check('BlockList, isIP'), 0);
  assert.equal(check('isIP, connect'), 1);
});

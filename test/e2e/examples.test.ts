// What docs show to backend services: the example programs, and the commands of the grpcurl page.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { nodeBinary, rootDir } from '#local';
import { openSystem, type System } from '#test/system';

const EXAMPLES = join(rootDir, 'docs/examples');
const BUF = join(rootDir, 'node_modules/.bin/buf');
const TIMEOUT_MS = 60_000;
const run = promisify(execFile);

let system: System;
let variables: NodeJS.ProcessEnv;
before(async () => {
  system = await openSystem({ controllers: 1, agents: { '1': 2 } });
  variables = {
    CONTROLLER: system.controllers[0]?.program.address,
    AGGREGATOR: system.aggregator.program.address,
    AGENT: system.agent('1/agent-1').program.address,
  };
});
after(async () => await system[Symbol.asyncDispose]());

function delivers(printed: string): void {
  assert.equal(printed, 'generation 1 is durable\nWAIT_OUTCOME_DONE: env 1: COMPLETE, 2/2 done\n');
}

function configFile(): string {
  const file = join(system.dir, 'config.json');
  writeFileSync(file, '{"greeting":"hi"}');
  return file;
}

const optionsOf = () => ({ env: { ...process.env, ...variables }, timeout: TIMEOUT_MS });

test('the example in TypeScript delivers a config', async () => {
  const program = join(EXAMPLES, 'typescript/deliver.ts');
  const args = [program, '1', 'from-typescript', configFile()];
  delivers((await run(nodeBinary, args, optionsOf())).stdout);
});

/** A Python that has what the example needs, or why there is none. */
function findPython(): { python: string } | { missing: string } {
  for (const tool of ['protoc', 'grpc_python_plugin']) {
    if (spawnSync('which', [tool]).status !== 0) return { missing: `needs ${tool}` };
  }
  const python = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import grpc, google.protobuf']).status === 0,
  );
  return python === undefined ? { missing: 'needs grpcio for Python' } : { python };
}

const found = findPython();
test('the example in Python delivers a config', {
  skip: 'missing' in found && found.missing,
}, async () => {
  assert('python' in found);
  const dir = join(system.dir, 'python');
  mkdirSync(dir);
  for (const name of ['deliver.py', 'generate.sh']) {
    copyFileSync(join(EXAMPLES, 'python', name), join(dir, name));
  }
  const env = { ...process.env, ROLLCALL_PROTO: join(rootDir, 'proto') };
  execFileSync(join(dir, 'generate.sh'), { env, stdio: 'inherit', timeout: TIMEOUT_MS });
  const args = [join(dir, 'deliver.py'), '1', 'from-python', configFile()];
  delivers((await run(found.python, args, optionsOf())).stdout);
});

/** The calls of the page: where to, what with, and the method. */
function callsOf(page: string) {
  const lines = page.split('\n').filter((line) => line.startsWith('grpcurl '));
  const parsed = lines.map((line) =>
    /^grpcurl -plaintext (?:-d '(.*)' )?\$([A-Z]+) ([\w.]+\/\w+)$/.exec(line),
  );
  const calls = parsed.flatMap((match) =>
    match ? [{ data: match[1] ?? '{}', on: match[2] ?? '', method: match[3] ?? '' }] : [],
  );
  assert.equal(lines.length - calls.length, 2, 'all but list and describe');
  return calls;
}

test('every call of the grpcurl page is answered', async () => {
  await system.set('1', 'web');
  await system.state('1', 'web', 'COMPLETE');
  const calls = callsOf(readFileSync(join(rootDir, 'docs/grpcurl.md'), 'utf8'));
  assert(calls.length > 8);
  for (const { data, on, method } of calls) {
    const options = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', '--data', data];
    const { stdout } = await run(BUF, [...options, `http://${variables[on]}/${method}`], {
      timeout: TIMEOUT_MS,
    });
    assert(Object.keys(JSON.parse(stdout) as object).length > 0, `${method}: ${stdout}`);
  }
});

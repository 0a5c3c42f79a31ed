// Generates proto/gen: the descriptor set that the servers reflect, the parsed protos that they load,
// and the TypeScript types of every message. `--check` generates into a temporary folder and fails on a difference.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const ROOT = join(import.meta.dirname, '..');
const GEN = join(ROOT, 'proto/gen');
const INCLUDE = ['proto', 'node_modules/google-proto-files'];
const PROTOS = [
  ...readdirSync(join(ROOT, 'proto/rollcall/v1')).map((name) => `rollcall/v1/${name}`),
  'google/rpc/status.proto',
  'google/rpc/error_details.proto',
];

function run(tool: string, args: string[]): void {
  execFileSync(join(ROOT, 'node_modules/.bin', tool), args, { cwd: ROOT, stdio: 'inherit' });
}

/** Writes the generated files into `outDir`. The options agree with libs/grpc/protos.ts. */
function generate(outDir: string): void {
  run('buf', ['build', '--as-file-descriptor-set', '-o', join(outDir, 'descriptor_set.binpb')]);
  writeFileSync(join(outDir, 'protos.json'), `${JSON.stringify(parsed())}\n`);
  run('proto-loader-gen-types', [
    '--longs=Number',
    '--enums=String',
    '--defaults',
    '--oneofs',
    '--grpcLib=@grpc/grpc-js',
    '--inputTemplate=%sInput',
    '--outputTemplate=%s',
    '--importFileExtension=.ts',
    ...INCLUDE.map((dir) => `-I=${dir}`),
    `--outDir=${outDir}`,
    ...PROTOS,
  ]);
  writeFileSync(join(outDir, 'index.ts'), indexOf(outDir));
}

/** Every proto as protobufjs writes it. */
function parsed(): object {
  const root = new protobuf.Root();
  root.resolvePath = (_, name) =>
    INCLUDE.map((dir) => join(ROOT, dir, name)).find((path) => existsSync(path)) ?? name;
  return root.loadSync(PROTOS).resolveAll().toJSON();
}

/** One index of all of Rollcall's message, enum and service types. */
function indexOf(outDir: string): string {
  const lines = ['// Generated: see proto/generate.ts.'];
  for (const file of readdirSync(join(outDir, 'rollcall/v1')).toSorted()) {
    const source = readFileSync(join(outDir, 'rollcall/v1', file), 'utf8');
    const names = new Set(
      [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map((m) => m[1]),
    );
    lines.push(`export type { ${[...names].join(', ')} } from './rollcall/v1/${file}';`);
  }
  return `${lines.join('\n')}\n`;
}

function filesOf(dir: string): Map<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
  return new Map(names.map((name) => [name, readFileSync(join(dir, name), 'base64')]));
}

/** Names of the files that differ between two folders. */
function differences(left: string, right: string): string[] {
  const [a, b] = [filesOf(left), filesOf(right)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

const fresh = mkdtempSync(join(tmpdir(), 'rollcall-gen-'));
try {
  generate(fresh);
  if (process.argv.includes('--check')) {
    const stale = differences(fresh, GEN);
    if (stale.length > 0) {
      console.error(`generated code is out of date: ${stale.join(', ')}\nrun: npm run gen`);
      process.exitCode = 1;
    }
  } else {
    rmSync(GEN, { recursive: true, force: true });
    cpSync(fresh, GEN, { recursive: true });
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

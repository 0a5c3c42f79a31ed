// Who may import whom. The tree is the architecture only as long as the arrows in it are checked:
//
//   proto/gen <- libs <- services <- test        deploy/local: libs only
//   lifecycle, config, telemetry <- keyspace, files <- etcd, mysql, grpc, reconcile
//
// The rules work on paths inside the repository; `findImports` and `toPath` turn source text into
// them. The test beside this file shows that every rule fires.

import { posix } from 'node:path';

/** One broken rule. */
export interface Violation {
  file: string;
  imported: string;
  rule: string;
}

/** Layers inside libs; an arrow may only point to a lower number. */
const LAYERS: Readonly<Record<string, number>> = {
  lifecycle: 0,
  config: 0,
  telemetry: 0,
  files: 0,
  keyspace: 1,
  tls: 1,
  etcd: 2,
  mysql: 2,
  grpc: 2,
  reconcile: 2,
};

/** Arrows that the layers allow but the design does not. */
const FORBIDDEN_LIBS: readonly (readonly [string, string])[] = [['etcd', 'keyspace']];

/** What pure code may use besides its own folder: contracts and values, no I/O. */
const DOMAIN_MAY_IMPORT = /^(?:libs\/keyspace\/index\.ts|proto\/gen\/index\.ts)$/;

/** Modules of Node without input or output. */
const PURE_NODE_MODULES = new Set([
  'node:assert',
  'node:assert/strict',
  'node:crypto',
  'node:util',
]);

/** Written by a generator, which has its own way with paths. */
const GENERATED = /^proto\/gen\//;

/** What the product is measured against, which must not share its mistakes. */
const FLOOR = /^test\/bench\/floors\//;

/** Every specifier that a source imports or re-exports, in order. */
export function findImports(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const statement =
    /(?:^|[;}\n])\s*(?:import|export)\s+(?:[\w*{][^'"`;=()]*\bfrom\s*)?(['"])([^'"\n]+)\1/g;
  const dynamic = /\b(?:import|require)\(\s*(['"`])([^'"`\n]+)\1/g;
  return [...code.matchAll(statement), ...code.matchAll(dynamic)].map((match) => match[2] ?? '');
}

/** The repository path that a specifier in `file` stands for; undefined for packages. */
export function toPath(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier === '#proto') return 'proto/gen/index.ts';
  if (specifier === '#local') return 'deploy/local/index.ts';
  const lib = /^#libs\/(.+)$/.exec(specifier)?.[1];
  if (lib !== undefined) return `libs/${lib}/index.ts`;
  const service = /^#services\/(.+)$/.exec(specifier)?.[1];
  if (service !== undefined) return `services/${service}`;
  const support = /^#test\/(.+)$/.exec(specifier)?.[1];
  if (support !== undefined) return `test/support/${support}.ts`;
  return undefined;
}

/** Of a module that does input and output, the functions that only compute. */
const PURE_NAMES: Readonly<Record<string, RegExp>> = {
  'node:net': /import \{(?:\s*(?:BlockList|isIP(?:v4|v6)?),?)+\s*\} from 'node:net'/,
};

/** The rules that the imports of one file break. */
export function violationsOf(file: string, source: string): Violation[] {
  return findImports(source).flatMap((imported) =>
    rulesBrokenBy(file, imported, source).map((rule) => ({ file, imported, rule })),
  );
}

function rulesBrokenBy(file: string, specifier: string, source: string): string[] {
  const target = toPath(file, specifier);
  const isTest = file.endsWith('.test.ts');
  const broken: string[] = [];
  if (specifier.includes('../../') && !GENERATED.test(file))
    broken.push('no path climbs two folders');
  if (target === undefined) {
    const isPure = PURE_NODE_MODULES.has(specifier) || PURE_NAMES[specifier]?.test(source) === true;
    if (isDomain(file) && !isTest && !isPure) {
      broken.push('domain imports only its own types');
    }
    return broken;
  }
  return [...broken, ...layerRules(file, target), ...innerRules(file, target, isTest)];
}

function layerRules(file: string, target: string): string[] {
  const [from, to] = [areaOf(file), areaOf(target)];
  const broken: string[] = [];
  if (from === 'proto' && to !== 'proto') broken.push('proto imports nothing of ours');
  if (from === 'libs' && to !== 'libs' && to !== 'proto') {
    broken.push(`libs never import ${to}`);
  }
  if (from === 'services' && to !== 'libs' && to !== 'proto') {
    if (to !== 'services') broken.push(`services never import ${to}`);
    else if (partOf(file) !== partOf(target)) broken.push('one service never imports another');
  }
  if (from === 'deploy' && (to === 'services' || to === 'test')) {
    broken.push(`deploy never imports ${to}`);
  }
  if (FLOOR.test(file) && !FLOOR.test(target)) broken.push('floors import nothing of ours');
  return broken;
}

function innerRules(file: string, target: string, isTest: boolean): string[] {
  const broken: string[] = [];
  const outside = partOf(file) !== partOf(target) || areaOf(file) !== areaOf(target);
  if (areaOf(target) === 'libs' && outside && !/^libs\/[^/]+\/index\.ts$/.test(target)) {
    broken.push('only the index.ts of a lib is imported from outside');
  }
  if (
    target.startsWith('deploy/local/') &&
    areaOf(file) !== 'deploy' &&
    !target.endsWith('/index.ts')
  ) {
    broken.push('only the index.ts of deploy/local is imported from outside');
  }
  if (areaOf(file) === 'libs' && areaOf(target) === 'libs' && outside) {
    broken.push(...libRules(partOf(file), partOf(target)));
  }
  if (isDomain(file) && !isTest && !isOwnDomain(file, target) && !DOMAIN_MAY_IMPORT.test(target)) {
    broken.push('domain imports only its own types');
  }
  return broken;
}

function libRules(from: string, to: string): string[] {
  const [fromLayer, toLayer] = [LAYERS[from], LAYERS[to]];
  if (fromLayer === undefined || toLayer === undefined) {
    return [`libs/${fromLayer === undefined ? from : to} has no layer`];
  }
  const forbidden = FORBIDDEN_LIBS.some(([a, b]) => a === from && b === to);
  const points = fromLayer > toLayer || (fromLayer === 0 && toLayer === 0);
  return forbidden || !points ? [`libs/${from} never imports libs/${to}`] : [];
}

function areaOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The lib or the service that a path belongs to. */
function partOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function isDomain(path: string): boolean {
  return /^services\/[^/]+\/domain\//.test(path);
}

function isOwnDomain(file: string, target: string): boolean {
  return isDomain(target) && partOf(file) === partOf(target);
}

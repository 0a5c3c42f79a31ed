// Servers from Debian and Ubuntu packages, unpacked under `.local`: needs no root, installs and
// starts nothing on the machine. Goals: the machine stays as it is; a half-done unpacking is never
// used (it is renamed into place last); shared libraries that the machine lacks come along, and
// only those, so that nothing of the system is shadowed.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { SetupError } from './errors.ts';
import { localDir } from './paths.ts';

/** Packages that were unpacked by an earlier run. */
export interface Unpacked {
  dir: string;
  env: NodeJS.ProcessEnv;
}

/** Each set of packages has a folder of its own, so that one can come after the other. */
export type PackageSet = 'debian' | 'debian-nginx';

/** A library may need libraries in turn; a chain longer than this means a wrong package. */
const LIBRARY_ROUNDS_MAX = 4;

/** Downloads are tens of megabytes; a mirror that needs longer is as good as down. */
const TOOL_TIMEOUT_MS = 240_000;

/** What an earlier run unpacked, if any. */
export function unpackedPackages(set: PackageSet = 'debian'): Unpacked | undefined {
  const dir = join(localDir, set);
  return existsSync(dir) ? toUnpacked(dir) : undefined;
}

/**
 * Downloads and unpacks one package of each row, the first that the archive has. Throws SetupError
 * on a machine without apt, or when a row has no candidate.
 */
export function installDebianPackages(
  rows: readonly (readonly string[])[],
  set: PackageSet = 'debian',
): void {
  requireTools();
  const apt = openApt(rows.flat());
  const unpacked = join(localDir, set);
  const work = join(localDir, `${set}.${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'missing'), { recursive: true });
  const names = rows.map((row) => apt.firstKnown(row));
  apt.unpack([...new Set(names)], work);
  addLibraries(apt, names, work);
  rmSync(unpacked, { recursive: true, force: true });
  renameSync(work, unpacked);
}

function toUnpacked(dir: string): Unpacked {
  const missing = join(dir, 'missing');
  const inherited = process.env['LD_LIBRARY_PATH'];
  const path = inherited === undefined ? missing : `${missing}:${inherited}`;
  return { dir, env: readdirSync(missing).length === 0 ? {} : { LD_LIBRARY_PATH: path } };
}

function requireTools(): void {
  for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb']) {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
    } catch (cause) {
      throw new SetupError(`${tool} is missing: this is no Debian or Ubuntu machine`, { cause });
    }
  }
}

interface Apt {
  firstKnown(names: readonly string[]): string;
  dependsOf(name: string): string[];
  unpack(names: readonly string[], dir: string): void;
}

/** Reads the machine's package lists; where they are empty, lists of our own are fetched. */
function openApt(names: readonly string[]): Apt {
  const isKnown = (name: string, options: string[]) =>
    /^\s+Candidate: (?!\(none\))/m.test(run('apt-cache', [...options, 'policy', name]));
  let options: string[] = [];
  if (!names.some((name) => isKnown(name, options))) {
    options = privateLists();
    run('apt-get', [...options, 'update']);
  }
  return {
    firstKnown: (row) => {
      const found = row.find((name) => isKnown(name, options));
      if (found === undefined) throw new SetupError(`no package ${row.join(' or ')} to download`);
      return found;
    },
    dependsOf: (name) =>
      [
        ...run('apt-cache', [...options, 'depends', name]).matchAll(/^\s+Depends: ([^\s<]+)$/gm),
      ].map((match) => match[1] ?? ''),
    unpack: (packages, dir) => unpack(packages, dir, options),
  };
}

function privateLists(): string[] {
  const dir = join(localDir, 'apt');
  mkdirSync(join(dir, 'lists/partial'), { recursive: true });
  mkdirSync(join(dir, 'cache/archives/partial'), { recursive: true });
  return ['-o', `Dir::State::Lists=${dir}/lists`, '-o', `Dir::Cache=${dir}/cache`];
}

function unpack(packages: readonly string[], dir: string, options: readonly string[]): void {
  const downloads = join(dir, 'downloads');
  mkdirSync(downloads, { recursive: true });
  run('apt-get', [...options, '-q', 'download', ...packages], downloads);
  for (const file of readdirSync(downloads)) run('dpkg-deb', ['-x', join(downloads, file), dir]);
  rmSync(downloads, { recursive: true });
}

/** Links every library that `ldd` does not find into `missing`, the folder of LD_LIBRARY_PATH. */
function addLibraries(apt: Apt, names: readonly string[], dir: string): void {
  const fetched = new Set(names);
  let frontier = names;
  for (let round = 0; round < LIBRARY_ROUNDS_MAX; round += 1) {
    const missing = missingLibraries(dir);
    if (missing.length === 0) return;
    const libraries = frontier
      .flatMap((name) => apt.dependsOf(name))
      .filter((name) => name.startsWith('lib') && !name.startsWith('libc6') && !fetched.has(name));
    if (libraries.length > 0) apt.unpack([...new Set(libraries)], join(dir, 'libraries'));
    for (const name of libraries) fetched.add(name);
    for (const soname of missing) linkLibrary(soname, dir);
    frontier = libraries;
  }
  const left = missingLibraries(dir);
  if (left.length > 0) throw new SetupError(`no package has the libraries ${left.join(', ')}`);
}

function missingLibraries(dir: string): string[] {
  const { env } = toUnpacked(dir);
  const programs = globSync(['usr/bin/etcd*', 'usr/sbin/{mariadbd,mysqld,nginx}'], { cwd: dir });
  const lines = programs.flatMap((program) => {
    try {
      return run('ldd', [join(dir, program)], undefined, env).split('\n');
    } catch {
      return []; // A static program is none of ldd's business.
    }
  });
  const sonames = lines.map((line) => /^\s*(\S+) => not found/.exec(line)?.[1]);
  return [...new Set(sonames.filter((soname) => soname !== undefined))];
}

function linkLibrary(soname: string, dir: string): void {
  const [found] = globSync(`libraries/**/${soname}`, { cwd: dir });
  // Relative, because the folder is renamed into place.
  if (found !== undefined) symlinkSync(join('..', found), join(dir, 'missing', basename(soname)));
}

function run(tool: string, args: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(tool, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TOOL_TIMEOUT_MS,
      env: { ...process.env, ...env, LC_ALL: 'C' },
      ...(cwd === undefined ? {} : { cwd }),
    });
  } catch (cause) {
    throw new SetupError(`${tool} failed: ${(cause as Error).message}`, { cause });
  }
}

// The first step of every command: runs on the machine's own Node, whatever its version, installs
// the npm packages when they are missing or stale, and hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { withLock } from './lock.mjs';

const NODE_MAJOR_MIN = 20;

/** npm passes Ctrl-C on although the terminal has sent it to us too; the second is no impatience. */
const SAME_SIGNAL_MS = 500;

/** How often we look whether npm, which started us, was killed. */
const PARENT_POLL_MS = 500;

const COMMANDS = ['demo', 'dev', 'test', 'check'];
const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const bin = join(root, 'node_modules', '.bin');
const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
const installed = join(root, 'node_modules', '.rollcall-installed');

const [command, ...args] = process.argv.slice(2);
if (command === undefined || command === '--help' || command === '-h') {
  console.log(`usage: node deploy/local/bootstrap.mjs <command> [options]

  demo   start a whole system, roll configs out, change, delete and lose an agent   (--once: then end)
  dev    start a whole system and keep it up                                        (--agents N --envs a,b --driver noop)
  test   run the tests against real etcd and MySQL                                  (files or node --test options)
  check  types, lint, format, protos, generated code, dependency direction

  <command> --help lists the options of a command.`);
  process.exit(0);
}
if (!COMMANDS.includes(command)) fail(`unknown command ${command}: ${COMMANDS.join(', ')}`, 2);
if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  fail(`Node ${NODE_MAJOR_MIN} or later is needed, this is ${process.versions.node}`, 2);
}

try {
  const waiting = () => console.error('another run installs the npm packages; waiting for it');
  const ensure = () => isInstalled() || install();
  if (!isInstalled()) await withLock(join(root, '.local', 'npm.lock'), ensure, waiting);
} catch (error) {
  fail(error.message);
}
handOver();

/** Whether node_modules is what package-lock.json asks for, with the pinned Node in it. */
function isInstalled() {
  if (!existsSync(node)) return false;
  if (existsSync(installed)) return readFileSync(installed, 'utf8') === lockDigest();
  // Somebody ran npm by hand: its own record must be newer than the lock.
  const record = join(root, 'node_modules', '.package-lock.json');
  const isFresh =
    existsSync(record) && statSync(record).mtimeMs >= statSync(lockPath()).mtimeMs && nodeRuns();
  return isFresh && markInstalled();
}

function install() {
  console.error('installing npm packages');
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', ['ci', ...options], {
    cwd: root,
    encoding: 'utf8',
    env: cleanEnv(),
  });
  if (done.status !== 0) {
    throw new Error(
      `npm ci failed:\n${done.stdout ?? ''}${done.stderr ?? done.error?.message ?? ''}`,
    );
  }
  if (!nodeRuns()) fetchNode();
  markInstalled();
}

/** For npm that runs no install scripts: the pinned Node's own script, run by hand. */
function fetchNode() {
  const done = spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: join(root, 'node_modules', 'node'),
    encoding: 'utf8',
    env: cleanEnv(),
  });
  // npm has linked only what was there.
  if (!existsSync(node)) symlinkSync(join('..', 'node', 'bin', 'node'), node);
  if (!nodeRuns()) {
    throw new Error(`the pinned Node cannot be installed:\n${done.stdout}${done.stderr}`);
  }
}

function nodeRuns() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${wanted}`;
}

function markInstalled() {
  writeFileSync(installed, lockDigest());
  return true;
}

function lockPath() {
  return join(root, 'package-lock.json');
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(lockPath())).digest('hex');
}

/** Without the settings of the npm that runs us, which are not those of this folder. */
function cleanEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
  );
}

/**
 * Runs the command in a session of its own; it ends when we do, whatever ends us. It and all processes
 * that it starts keep their compiled sources for the next one: a quarter less work for each start. In the
 * folder that paths.ts names, where programs that are started without us keep theirs.
 */
function handOver() {
  const child = spawn(node, [join(root, 'deploy/local/main.ts'), command, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    env: {
      NODE_COMPILE_CACHE: join(root, '.local', 'compile-cache'),
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
  });
  let lastSignalAt = 0;
  const passOn = (signal) => {
    if (Date.now() - lastSignalAt > SAME_SIGNAL_MS) child.kill(signal);
    lastSignalAt = Date.now();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal));
  watchNpm(passOn);
  child.on('error', (error) => fail(`${node} does not run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function watchNpm(passOn) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) passOn('SIGTERM');
  }, PARENT_POLL_MS).unref();
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

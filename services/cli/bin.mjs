#!/usr/bin/env node
// Runs the command line on the project's own Node: the one on the PATH may be too old for it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NODE_MAJOR_MIN = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, 'main.ts');
const pinned = join(here, '../../node_modules/.bin/node');

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  await import(pathToFileURL(main).href);
} else if (existsSync(pinned)) {
  runPinned();
} else {
  console.error(`error: the npm packages are missing: run "npm ci" in ${join(here, '../..')}`);
  process.exitCode = 1;
}

function runPinned() {
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // From a terminal both of us get the signal; the child decides how it ends.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('error', (error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

// Writes the references in docs from the code that they describe. `--check` fails when one is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptorSet } from '#libs/grpc';
import { apiReference } from './api-reference.ts';
import { cliReference } from './cli-reference.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const REFERENCES = { 'api.md': apiReference(descriptorSet), 'cli.md': cliReference() };

for (const [name, text] of Object.entries(REFERENCES)) {
  const file = join(DOCS, name);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readOr(file) !== text) {
    process.stderr.write(`docs/${name} is out of date: run npm run gen\n`);
    process.exitCode = 1;
  }
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

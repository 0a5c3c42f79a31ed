// Checks the dependency direction of every source of the repository; exits 1 and names each
// import that breaks a rule.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOf } from './dependency-direction.ts';

const root = join(import.meta.dirname, '../..');
const files = globSync('{proto,libs,services,deploy,test}/**/*.{ts,mts,mjs}', { cwd: root });
const violations = files.flatMap((file) =>
  violationsOf(file, readFileSync(join(root, file), 'utf8')),
);
for (const { file, imported, rule } of violations) {
  console.error(`${file}: imports ${imported}: ${rule}`);
}
if (files.length === 0) throw new Error('no sources were found');
process.exitCode = violations.length === 0 ? 0 : 1;

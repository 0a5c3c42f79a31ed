import { runProgram } from '#libs/config';
import { shutdownSignal } from '#libs/lifecycle';
import { openApp } from './app.ts';
import { readConfig } from './config.ts';

await runProgram(async () => {
  const config = readConfig({ argv: process.argv.slice(2), env: process.env });
  const stop = shutdownSignal();
  await using app = await openApp(config);
  process.stdout.write(`${JSON.stringify({ msg: 'serving', address: app.address })}\n`);
  await app.run(stop);
});

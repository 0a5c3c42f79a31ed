import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askHttp, ensureNginx, freePort, openBackend } from '#local';
import { type AgentService, openSystem, type System, type SystemOptions } from './system.ts';

const ENV = '1';

/** A whole system whose one agent has a real nginx, before the backends `shop` and `blog`. */
export interface NginxSystem extends AsyncDisposable {
  readonly system: System;
  readonly agent: AgentService;
  readonly port: number;
  /** Directory of the driver. */
  readonly dir: string;
  /** Body of a 200, else the status. */
  ask(host: string, path?: string): Promise<string>;
  /** Process id of nginx's master. */
  master(): Promise<number>;
}

/** `more`: options of the driver, by name. */
export async function openNginxSystem(
  options: SystemOptions = {},
  more: Readonly<Record<string, string>> = {},
): Promise<NginxSystem> {
  const { path: binary } = await ensureNginx();
  await using opened = new AsyncDisposableStack();
  const shop = opened.use(await openBackend('shop'));
  const blog = opened.use(await openBackend('blog'));
  const port = await freePort();
  const upstreams = { 'test/shop:80': shop.address, 'test/blog:80': blog.address };
  const driver = [
    ...[`binary=${binary}`, `listen=127.0.0.1:${port}`],
    `upstreams=${JSON.stringify(upstreams)}`,
    ...Object.entries(more).map(([name, text]) => `${name}=${text}`),
  ];
  const agentArgs = [
    ...['--driver', 'nginx'],
    ...(options.agentArgs ?? ['--relist-interval', '2']),
    ...driver.flatMap((option) => ['--driver-option', option.replaceAll(',', '\\,')]),
  ];
  const system = opened.use(
    await openSystem({ ...options, agents: { [ENV]: ['edge'] }, agentArgs }),
  );
  const agent = system.agent(`${ENV}/edge`);
  const dir = join(agent.stateDir, 'nginx');
  const master = async () => Number(await readFile(join(dir, 'nginx.pid'), 'utf8'));
  // It outlives its agent on purpose.
  opened.defer(async () => {
    const pid = await master().catch(() => 0);
    if (pid > 1 && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGTERM');
  });
  const held = opened.move();
  return {
    ...{ system, agent, port, dir, master },
    ask: (host, path = '/') => askHttp({ port, host, path }),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

import { readdir, readFile } from 'node:fs/promises';

const WORKER = 'nginx: worker process';

/**
 * Process ids of a master's workers that take connections: those of the former configuration name
 * themselves "shutting down" when they stop to listen. Undefined where the system does not tell.
 */
export async function servingWorkers(masterPid: number): Promise<readonly string[] | undefined> {
  const children = await textOf(`/proc/${masterPid}/task/${masterPid}/children`);
  if (children === undefined) return undefined;
  const pids = children.split(' ').filter((pid) => pid.trim() !== '');
  const titles = await Promise.all(pids.map((pid) => textOf(`/proc/${pid}/cmdline`)));
  return pids.filter((_, index) => titles[index]?.replace(/\0[^]*/, '').trimEnd() === WORKER);
}

/**
 * Has the workers of a dead master end: they would keep its address, and serve what was in force then.
 * They are known by their process group, whose number is not given away while it has members.
 */
export async function endOrphans(masterPid: number): Promise<void> {
  if (!(masterPid > 1)) return;
  for (const pid of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(pid)) continue;
    const stat = await textOf(`/proc/${pid}/stat`);
    const group = stat === undefined ? undefined : groupOf(stat);
    const title = group === masterPid ? await textOf(`/proc/${pid}/cmdline`) : undefined;
    if (title?.startsWith(WORKER)) signalQuit(Number(pid));
  }
}

/** The name of the program comes before, in brackets, and may hold anything. */
function groupOf(stat: string): number {
  const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group);
}

function signalQuit(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended by itself.
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'latin1').catch(() => undefined);
}

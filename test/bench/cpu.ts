import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux fixes at 100 for what it shows to programs. */
const TICKS_PER_SECOND = 100;

/** Fields behind the name of the process, which may hold spaces: utime and stime. */
const UTIME_FIELD = 11;
const STIME_FIELD = 12;

/** Seconds of CPU that a process has used since its start. Throws when it is gone. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_FIELD]) + Number(fields[STIME_FIELD])) / TICKS_PER_SECOND;
}

/** Bytes of memory that a process holds now. Throws when it is gone. */
export function memoryBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

/** By process: seconds of CPU while `measure` ran. */
export async function withCpu<T>(
  pids: Readonly<Record<string, number>>,
  measure: () => Promise<T>,
): Promise<{ value: T; cpu: Record<string, number> }> {
  const names = Object.keys(pids);
  const read = () => names.map((name) => cpuSeconds(pids[name] ?? -1));
  const before = read();
  const value = await measure();
  const after = read();
  const used = names.map((name, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)]);
  return { value, cpu: Object.fromEntries(used) as Record<string, number> };
}

// Ends the processes of a launcher that was killed. Reads "+pid" and "-pid" lines from standard
// input; when that ends, every process still noted is killed by its id. Used where the kernel
// cannot be told to do it.
import { createInterface } from 'node:readline';

const pids = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) pids.add(pid);
  else pids.delete(pid);
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

// Loaded into a process before its own code, by `--import`: the longest time that its event loop stood
// still since it first connected to anything, in milliseconds, is kept in the file of STALL_FILE. What
// modules take to load comes before that.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const SOCKET_OPENED = 'net.client.socket';
const TELL_EVERY_MS = 200;

/** Also what the clock behind it adds to each look. */
const RESOLUTION_MS = 1;

const file = process.env['STALL_FILE'];
if (file !== undefined) subscribe(SOCKET_OPENED, begin);

function begin(): void {
  unsubscribe(SOCKET_OPENED, begin);
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  setInterval(() => writeFileSync(file ?? '', String(delays.max / 1e6)), TELL_EVERY_MS).unref();
}

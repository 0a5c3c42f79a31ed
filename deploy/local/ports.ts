import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range of outgoing connections (32768 up on Linux): a client that dials a stopped
// server's port from that range can end up connected to itself and block the restart.
const PORT_MIN = 20_000;
const PORT_MAX = 31_999;

/** With 12,000 ports, running out of this many tries means something else is wrong. */
const ATTEMPTS_MAX = 100;

const handedOut = new Set<number>();

/** Finds a loopback port that nobody listens on, never the same one twice in a process. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN + 1));
    if (!handedOut.has(port) && (await isFree(port))) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`no free loopback port between ${PORT_MIN} and ${PORT_MAX}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What happens to the next COMMIT: `answered-not` is executed, but its answer is lost with the
 * connection; `lost` never reaches the server; `late` reaches it after the client was cut off.
 */
export type CommitFault = 'answered-not' | 'lost' | 'late';

/** A proxy in front of MySQL that cuts a connection at COMMIT. Disposal cuts everything. */
export interface CommitProxy extends AsyncDisposable {
  /** The server's URL through the proxy. */
  readonly url: string;
  /** Arms the next COMMIT. */
  failNextCommit(fault: CommitFault): void;
  /** COMMITs that were failed so far. */
  readonly failed: number;
}

/** Time by which a late COMMIT is late. */
const LATE_MS = 300;

export async function openCommitProxy(target: string): Promise<CommitProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let armed: CommitFault | undefined;
  let failed = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let silent = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    upstream.on('data', (chunk) => {
      if (!silent) client.write(chunk);
      else if (!client.destroyed) client.resetAndDestroy();
    });
    client.on('data', (chunk) => {
      const fault = isCommit(chunk) ? armed : undefined;
      if (!fault) {
        upstream.write(chunk);
        return;
      }
      armed = undefined;
      failed += 1;
      silent = true;
      void fail(fault, chunk, { client, upstream });
    });
    client.on('close', () => silent || upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    get failed() {
      return failed;
    },
    failNextCommit: (fault) => {
      armed = fault;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function fail(
  fault: CommitFault,
  commit: Buffer,
  { client, upstream }: { client: Socket; upstream: Socket },
): Promise<void> {
  if (fault === 'answered-not') {
    upstream.write(commit);
    return;
  }
  client.resetAndDestroy();
  if (fault === 'late') {
    await delay(LATE_MS);
    upstream.write(commit);
    await delay(LATE_MS);
  }
  upstream.destroy();
}

/** COM_QUERY with "commit": 4 bytes of header, the command, the text. */
function isCommit(chunk: Buffer): boolean {
  return chunk.subarray(4).toString('latin1') === '\x03commit';
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that says who it is. */
export interface LittleBackend extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
}

/** Starts a server on loopback that answers every request with its name. */
export async function openBackend(name: string): Promise<LittleBackend> {
  const server = createServer((_request, response) => response.end(name));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

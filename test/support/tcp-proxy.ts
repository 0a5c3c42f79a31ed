import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** `up` is towards the server, `down` towards the client. */
export type Direction = 'up' | 'down' | 'both';

/** A TCP proxy that misbehaves on command. Disposal cuts everything. */
export interface TcpProxy extends AsyncDisposable {
  /** `host:port` to connect to. */
  readonly address: string;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Resets every open connection; new ones are served. */
  cut(): void;
  /** A black hole: takes nothing more out of that direction, closes nothing. New ones as well. */
  pause(direction?: Direction): void;
  /** Ends `pause`, `swallow` and `refuse`. What was swallowed stays dead. */
  resume(): void;
  /** Accepts, reads, and never answers: new connections do not reach the server. */
  swallow(): void;
  /** Resets whoever connects. */
  refuse(): void;
  /** Each chunk arrives so much later, in either direction. */
  delay(ms: number): void;
}

type Mode = 'serve' | 'swallow' | 'refuse';

interface Pair {
  client: Socket;
  server: Socket | undefined;
}

/** Node never lets go of a socket that is reset while it says goodbye, and cannot end any more then. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Opens a proxy on a free loopback port in front of `host:port`. */
export async function openTcpProxy(target: string): Promise<TcpProxy> {
  const proxy = new Proxy(target);
  await proxy.listen();
  return proxy;
}

class Proxy implements TcpProxy {
  accepted = 0;
  readonly #host: string;
  readonly #port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #mode: Mode = 'serve';
  #paused: Direction | undefined;
  #delayMs = 0;

  constructor(target: string) {
    const [host = '', port = ''] = target.split(':');
    this.#host = host;
    this.#port = Number(port);
    this.#server = createServer((client) => this.#accept(client));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('proxy is closed');
    return `127.0.0.1:${address.port}`;
  }

  get open(): number {
    return this.#pairs.size;
  }

  cut(): void {
    for (const { client, server } of this.#pairs) {
      reset(client);
      if (server) reset(server);
    }
  }

  pause(direction: Direction = 'both'): void {
    this.#paused = direction;
    for (const pair of this.#pairs) this.#flow(pair);
  }

  resume(): void {
    this.#mode = 'serve';
    this.#paused = undefined;
    for (const pair of this.#pairs) this.#flow(pair);
  }

  swallow(): void {
    this.#mode = 'swallow';
  }

  refuse(): void {
    this.#mode = 'refuse';
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    client.on('error', () => undefined);
    if (this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = this.#mode === 'serve' ? connect(this.#port, this.#host) : undefined;
    const pair: Pair = { client, server };
    this.#pairs.add(pair);
    client.on('close', () => {
      this.#pairs.delete(pair);
      server?.destroy();
    });
    if (!server) {
      client.resume();
      return;
    }
    server.on('error', () => undefined);
    server.on('close', () => client.destroy());
    this.#pump(client, server);
    this.#pump(server, client);
    this.#flow(pair);
  }

  #pump(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    from.on('data', (chunk) => {
      const delayMs = this.#delayMs;
      if (delayMs === 0) {
        last = last.then(() => void to.write(chunk));
        return;
      }
      const due = delay(delayMs);
      last = last.then(() => due).then(() => void to.write(chunk));
    });
  }

  #flow({ client, server }: Pair): void {
    if (!server) return;
    const stopped = (direction: Direction) => this.#paused === 'both' || this.#paused === direction;
    if (stopped('up')) client.pause();
    else client.resume();
    if (stopped('down')) server.pause();
    else server.resume();
  }
}

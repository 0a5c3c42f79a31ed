// One etcd3 client, its channel and its sockets, and how they are told which etcd to talk to.
//
// The traps: grpc-js has no end for a connection whose TCP accepts while HTTP/2 never answers, and
// closing its channel leaves that socket open. So the sockets made for a connection are collected
// here, and closing destroys them. etcd3's own fault handling, fail-over and authentication are
// off: the first repeats writes, the second loses calls, the third cannot be given a server name.

import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIPv6, type Socket } from 'node:net';
import { InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';
import { noop } from 'cockatiel';
import { Etcd3, type IOptions } from 'etcd3';
import { CALL_TIMEOUT_MS } from './call-timeout.ts';
import { EtcdUnavailableError, hiddenDetails } from './errors.ts';

/** etcd answers pings that come more often than each 5 s with GOAWAY. */
const KEEPALIVE_MS = 5000;
const KEEPALIVE_TIMEOUT_MS = 2000;
const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 1000;

export interface EtcdTls {
  /** Absent: the well-known authorities of Node. */
  ca?: Buffer | undefined;
  cert?: Buffer | undefined;
  key?: Buffer | undefined;
}

/** `host:port`; the host of an IPv6 address without its brackets. */
export interface Endpoint {
  host: string;
  port: number;
}

/** What a channel is opened to. */
export interface Target {
  hosts: string;
  /** Name that the certificate must carry, when it is not the one in `hosts`. */
  serverName?: string;
}

/** An etcd3 client on a channel of its own. Whoever opened it closes it. */
export interface Connection {
  readonly etcd: Etcd3;
  /** Runs what may make grpc-js open a socket, so that `close` finds it. */
  run<T>(call: () => T): T;
  /** Ends the channel and every call on it, now. May be repeated. */
  close(): void;
}

/** Reads `host:port`, `[v6]:port`, either with `http://` or `https://` before it. */
export function endpointFromText(text: string): Endpoint {
  const [, v6, name, port] =
    /^(?:https?:\/\/)?(?:\[([^\]]+)\]|([^:/[\]]+)):(\d{1,5})\/?$/.exec(text) ?? [];
  const host = v6 ?? name;
  if (host === undefined) throw new TypeError(`not an etcd endpoint (host:port): ${text}`);
  return { host, port: Number(port) };
}

/**
 * One target for all endpoints, so that grpc-js itself tries them in turn within a call. `addresses`
 * holds what each host name resolved to. Under TLS one channel checks one name: endpoints of
 * different hosts then take turns, the first of `endpoints` is this channel's.
 */
export function targetOf(
  endpoints: readonly Endpoint[],
  addresses: ReadonlyMap<string, readonly LookupAddress[]>,
  tls: boolean,
): Target | undefined {
  const [first] = endpoints;
  if (first === undefined) return undefined;
  const oneHost = endpoints.every(({ host }) => host === first.host);
  if (endpoints.length === 1 || (tls && !oneHost)) return { hosts: hostPort(first) };
  for (const family of [4, 6]) {
    const found = endpoints.flatMap(({ host, port }) =>
      (addresses.get(host) ?? [])
        .filter((address) => address.family === family)
        .map(({ address }) => hostPort({ host: address, port })),
    );
    const target = { hosts: `ipv${family}:${found.join(',')}` };
    if (found.length > 0) return tls ? { ...target, serverName: first.host } : target;
  }
  return undefined;
}

/** Resolves the names among the endpoints, where `targetOf` needs it. */
export async function resolveTarget(endpoints: readonly Endpoint[], tls: boolean): Promise<Target> {
  const hosts = endpoints.length === 1 ? [] : new Set(endpoints.map(({ host }) => host));
  const addresses = new Map<string, readonly LookupAddress[]>();
  await Promise.all(
    [...hosts].map(async (host) => {
      // A name that does not resolve must not keep us from the other members.
      addresses.set(host, await dns.lookup(host, { all: true }).catch(() => []));
    }),
  );
  const target = targetOf(endpoints, addresses, tls);
  if (target) return target;
  throw new EtcdUnavailableError('connect', 'no endpoint resolves to an address');
}

export interface ConnectionOptions {
  readonly token?: string | undefined;
  /** Told of each socket before it connects. */
  readonly onSocket?: (() => void) | undefined;
}

/** Opens a client. Does no I/O before its first call. */
export function openConnection(
  target: Target,
  tls: EtcdTls | undefined,
  { token, onSocket }: ConnectionOptions = {},
): Connection {
  const sockets = new Set<Socket>();
  let closed = false;
  const own: SocketOwner = (socket) => {
    onSocket?.();
    // Announced before it connects, which would bring a socket destroyed now back to life.
    if (closed) setImmediate(() => socket.destroy());
    else sockets.add(socket.once('close', () => sockets.delete(socket)));
  };
  const etcd = socketOwner.exit(() => new Etcd3(optionsOf(target, tls, token)));
  return {
    etcd,
    run: (call) => socketOwner.run(own, call),
    close: () => {
      if (closed) return;
      closed = true;
      etcd.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function optionsOf(target: Target, tls: EtcdTls | undefined, token?: string): IOptions {
  const auth: Record<string, string> = token === undefined ? {} : { token };
  const unary = metadata(auth);
  // A member without a leader would keep a stream open and silent.
  const stream = metadata({ ...auth, hasleader: 'true' });
  return {
    hosts: target.hosts,
    // etcd3 declares the authorities as required; absent they are Node's own.
    ...(tls && {
      credentials: {
        rootCertificate: tls.ca,
        ...(tls.key && { privateKey: tls.key }),
        ...(tls.cert && { certChain: tls.cert }),
      } as NonNullable<IOptions['credentials']>,
    }),
    faultHandling: { host: () => noop, global: noop },
    grpcOptions: {
      'grpc.keepalive_time_ms': KEEPALIVE_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      // etcd answers pings on an idle connection with GOAWAY, whatever their interval.
      'grpc.keepalive_permit_without_calls': 0,
      // A response of etcd has no bound that grpc-js's default of 4 MiB would respect.
      'grpc.max_receive_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MIN_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MAX_MS,
      // A fresh channel has to mean a fresh connection, not the pooled one that hangs.
      'grpc.use_local_subchannel_pool': 1,
      // etcd stands next to us; a proxy meant for the outside would only break it.
      'grpc.enable_http_proxy': 0,
      ...(target.serverName !== undefined && {
        'grpc.ssl_target_name_override': target.serverName,
      }),
    },
    // A deadline in a constant would be in the past for all calls but the first ones.
    defaultCallOptions: ({ isStream }) =>
      isStream
        ? { interceptors: [stream] }
        : { interceptors: [unary], deadline: Date.now() + CALL_TIMEOUT_MS },
  };
}

/**
 * Sends headers with a call, and hides its failure from etcd3, which would close the channels of all
 * other calls for most codes, and for a refused token call again for ever.
 */
function metadata(headers: Readonly<Record<string, string>>): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => {
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
        next(metadata, {
          onReceiveStatus: (received, nextStatus) => {
            const failed = received.code !== status.OK;
            // A code for which etcd3 does nothing on its own.
            const inert = { code: status.OUT_OF_RANGE, details: hiddenDetails(received) };
            nextStatus(failed ? { ...received, ...inert } : received);
          },
        });
      },
    });
}

function hostPort({ host, port }: Endpoint): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

type SocketOwner = (socket: Socket) => void;

/** The connection on whose behalf the running code acts; follows it through timers and promises. */
const socketOwner = new AsyncLocalStorage<SocketOwner>();

// Node announces each outgoing socket here before it connects: the only public way to the sockets
// of grpc-js.
channel('net.client.socket').subscribe((message) => {
  socketOwner.getStore()?.((message as { socket: Socket }).socket);
});

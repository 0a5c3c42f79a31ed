import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Client, ClientDuplexStream } from '@grpc/grpc-js';
import { connect, definitionOf, loadServices, unary } from './grpc.ts';

/** Only the .proto files of the package are used, none of its code. */
const PROTO = join(
  dirname(createRequire(import.meta.url).resolve('etcd3/package.json')),
  'proto',
  'rpc.proto',
);

/** Without `defaults`: decoding is then cheapest. */
const services = loadServices([PROTO], { longs: Number, enums: String });

const MAX_LEASE_ID = 2 ** 48;

/** Operations that etcd takes in one transaction. */
export const PUTS_MAX = 128;

/** A put as etcd takes it. */
export interface Put {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly lease?: number;
}

/** Messages of a watch, as far as they are read here. */
export interface WatchAnswer {
  readonly created?: boolean;
  readonly watchId?: number;
  readonly events?: readonly { readonly kv?: { readonly key: Buffer } }[];
}

interface RangeAnswer {
  readonly header?: { readonly revision?: number };
  readonly kvs?: readonly { readonly key: Buffer }[];
  readonly more?: boolean;
}

/** Seconds that a lease still has; absent: etcd does not have the lease. */
export interface BeatAnswer {
  readonly TTL?: number;
}

/** Raw calls to etcd on one connection. */
export interface RawEtcd {
  put(request: Put): Promise<unknown>;
  /** All of them in one transaction without a condition. */
  txn(puts: readonly Put[]): Promise<unknown>;
  /** What follows `prefix`, which ends in `/`, in all keys below it. Values are read, too. */
  list(prefix: string): Promise<string[]>;
  /** All keys below `prefix`, which ends in `/`, with their values, at one revision; no page crosses a cut. */
  pages(
    prefix: string,
    limit: number,
    cuts: readonly string[],
  ): AsyncGenerator<readonly { readonly key: Buffer }[]>;
  /** Every key below `prefix`, which ends in `/`. */
  deleteAll(prefix: string): Promise<unknown>;
  grant(ttlSeconds: number): Promise<number>;
  watch(): ClientDuplexStream<object, WatchAnswer>;
  keepalive(): ClientDuplexStream<object, BeatAnswer>;
}

export function openRawEtcd(endpoint: string, client: Client = connect(endpoint)): RawEtcd {
  const kv = services('etcdserverpb.KV');
  const put = unary<unknown>(client, kv, 'Put');
  const txn = unary<unknown>(client, kv, 'Txn');
  const range = unary<RangeAnswer>(client, kv, 'Range');
  const deleteRange = unary<unknown>(client, kv, 'DeleteRange');
  const lease = services('etcdserverpb.Lease');
  const grant = unary<{ ID?: number }>(client, lease, 'LeaseGrant');
  const beat = definitionOf<object, BeatAnswer>(lease, 'LeaseKeepAlive');
  const watch = definitionOf<object, WatchAnswer>(services('etcdserverpb.Watch'), 'Watch');
  return {
    put,
    txn: (puts) => txn({ success: puts.map((requestPut) => ({ requestPut })) }),
    list: async (prefix) => {
      const { kvs = [] } = await range({ key: Buffer.from(prefix), rangeEnd: endOf(prefix) });
      return kvs.map(({ key }) => key.toString().slice(prefix.length));
    },
    pages: async function* (prefix, limit, cuts) {
      const ends = [...cuts.map((cut) => Buffer.from(cut)), endOf(prefix)];
      let key: Buffer = Buffer.from(prefix);
      let revision: number | undefined;
      for (const rangeEnd of ends) {
        for (let isWhole = false; !isWhole; ) {
          const { header, kvs = [], more } = await range({ key, rangeEnd, limit, revision });
          revision ??= header?.revision;
          yield kvs;
          const last = kvs.at(-1);
          isWhole = !(more && last);
          key = more && last ? Buffer.concat([last.key, Buffer.of(0)]) : rangeEnd;
        }
      }
    },
    deleteAll: (prefix) => deleteRange({ key: Buffer.from(prefix), rangeEnd: endOf(prefix) }),
    grant: async (ttlSeconds) => {
      // Ids that the server chooses do not fit a number.
      const id = 1 + Math.floor(Math.random() * MAX_LEASE_ID);
      await grant({ TTL: ttlSeconds, ID: id });
      return id;
    },
    watch: () =>
      client.makeBidiStreamRequest(watch.path, watch.requestSerialize, watch.responseDeserialize),
    keepalive: () =>
      client.makeBidiStreamRequest(beat.path, beat.requestSerialize, beat.responseDeserialize),
  };
}

/** The end of the range of all keys that begin with `prefix`, which ends in `/`. */
export function endOf(prefix: string): Buffer {
  return Buffer.from(`${prefix.slice(0, -1)}0`);
}

import type { IKeyValue, IRangeRequest, IRangeResponse } from 'etcd3';
import { prefixEnd } from './prefix-end.ts';
import type { Page, PagesOptions } from './types.ts';
import { keyValueFromRaw } from './wire.ts';

/** First page of a list: two of the largest values (1.5 MiB) stay below 4 MiB. */
const KEYS_FIRST = 2;
/** Most keys a page: should the next values be huge after small ones, the answer stays bearable. */
const KEYS_MAX = 512;
/** Growth from page to page: values further on may be larger than those seen. */
const GROWTH_MAX = 8;
/** Aim of a page. */
const BYTES_AIM = 2 * 1024 * 1024;
/** Most bytes of a page that is handed out, unless one value alone is larger. */
const BYTES_MAX = 4 * 1024 * 1024;

/** Pages of a prefix at one revision. `boundAfter` is asked when the pages before were taken. */
export async function* pagesOf(
  prefix: string,
  { revision: pinned, boundAfter }: PagesOptions,
  read: (request: IRangeRequest) => Promise<IRangeResponse>,
): AsyncGenerator<Page> {
  // Raw bytes throughout: a foreign key that is not UTF-8 must not make a page repeat.
  const end = Buffer.from(prefixEnd(prefix));
  let key: Buffer | undefined = Buffer.from(prefix);
  let revision = pinned;
  let limit = KEYS_FIRST;
  while (key) {
    const until = endBehind(key, end, boundAfter);
    const request: IRangeRequest = { key, range_end: until, limit };
    if (revision !== undefined) request.revision = revision.toString();
    const { header, kvs, more } = await read(request);
    revision ??= BigInt(header.revision);
    for (const page of splitByBytes(kvs)) yield { revision, kvs: page.map(keyValueFromRaw) };
    const last = kvs.at(-1);
    if (more && last) key = Buffer.concat([last.key, Buffer.of(0)]);
    else key = until.equals(end) ? undefined : until;
    const bytes = kvs.reduce((sum, kv) => sum + bytesOf(kv), 0);
    if (last) limit = nextPageLimit(limit, kvs.length, bytes);
  }
}

/** The bound behind `key`, or the end: a bound that is elsewhere is none. */
function endBehind(key: Buffer, end: Buffer, boundAfter: PagesOptions['boundAfter']): Buffer {
  const text = boundAfter?.(key.toString());
  if (text === undefined) return end;
  const bound = Buffer.from(text);
  return bound.compare(key) > 0 && bound.compare(end) < 0 ? bound : end;
}

/** How many keys the next page may have, after one of `keys` keys and `bytes` under `limit`. */
export function nextPageLimit(limit: number, keys: number, bytes: number): number {
  const fitting = Math.floor((BYTES_AIM * keys) / Math.max(bytes, 1));
  return Math.max(1, Math.min(fitting, limit * GROWTH_MAX, KEYS_MAX));
}

/** Cuts an answer into pages; an empty one is one empty page. */
function splitByBytes(kvs: readonly IKeyValue[]): IKeyValue[][] {
  let page: IKeyValue[] = [];
  let bytes = 0;
  const pages = [page];
  for (const kv of kvs) {
    bytes += bytesOf(kv);
    if (bytes > BYTES_MAX && page.length > 0) {
      page = [];
      pages.push(page);
      bytes = bytesOf(kv);
    }
    page.push(kv);
  }
  return pages;
}

function bytesOf({ key, value }: IKeyValue): number {
  return key.length + value.length;
}

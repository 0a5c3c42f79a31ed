import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { deriveSignal } from '#libs/lifecycle';
import type { Problem } from './problem.ts';

/** Proxies close what is silent for a minute. */
const KEEPALIVE_MS = 15_000;

/** One server-sent event. */
export interface StreamEvent {
  /** Where a caller goes on from, as Last-Event-ID. */
  id?: string | undefined;
  /** JSON. */
  data: string;
}

export interface EventStreamOptions {
  signal: AbortSignal;
  /** What the caller is told when the stream fails. */
  problemOf: (error: unknown) => Problem;
}

/**
 * Sends events until they end, fail or the caller leaves. What fails before the first event rejects, so
 * that it can be answered as any other request; later it is an event named `problem`. Waits for a caller
 * that reads slowly: the server that makes the events bounds what piles up there.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncGenerator<StreamEvent>,
  { signal, problemOf }: EventStreamOptions,
): Promise<void> {
  let next = await events.next();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const keepalive = setInterval(
    () => void (response.writableNeedDrain || response.write(':\n\n')),
    KEEPALIVE_MS,
  );
  using waiting = deriveSignal(signal);
  try {
    for (; next.done !== true; next = await events.next()) {
      if (!response.write(textOf(next.value))) {
        await once(response, 'drain', { signal: waiting.signal });
      }
    }
  } catch (error) {
    if (!response.destroyed) {
      response.write(`event: problem\ndata: ${JSON.stringify(problemOf(error))}\n\n`);
    }
  } finally {
    clearInterval(keepalive);
    await events.return(undefined);
    response.end();
  }
}

/** JSON has no line breaks of its own. A resume token never holds one either; if so, it is left out. */
function textOf({ id, data }: StreamEvent): string {
  const line = id && !/[\r\n\0]/.test(id) ? `id: ${id}\n` : '';
  return `${line}data: ${data}\n\n`;
}

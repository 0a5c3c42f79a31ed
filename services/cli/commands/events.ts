import type { HistoryEvent } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Entry } from '../output/printer.ts';
import { timeText, withoutPrefix } from '../output/values.ts';
import { everyPage } from '../pages.ts';
import { parseRef } from '../refs.ts';

const HEADER = ['OBSERVED', 'EVENT', 'ID', 'AGENT', 'GENERATION', 'REASON', 'MESSAGE'];

/** Shows what an aggregator saw of a config or of an agent since it started, the newest first. */
export async function events(
  { services, print, signal }: CommandContext,
  name: string,
  options: { env?: string; agent?: boolean },
): Promise<ExitCode> {
  const { env, id } = parseRef(name, options.env);
  const subject = options.agent ? { agent: id } : { id };
  // The history is the replica's own, so that all pages have to come from one.
  const found = await services.aggregator().ask(
    async (client) =>
      await everyPage(async (pageToken) => {
        const request = { env, ...subject, pageSize: 1000, pageToken };
        const answer = await client.call('ListEvents', request, { signal });
        return { items: answer.events, next: answer.nextPageToken };
      }),
  );
  print.list(HEADER, found.map(eventEntry), 'nothing was seen since the aggregator started');
  return EXIT.DONE;
}

function eventEntry(event: HistoryEvent): Entry {
  const { observeTime, id, agent, generation, reason, message } = event;
  const type = withoutPrefix(event.type, 'EVENT_TYPE_');
  const at = timeText(observeTime);
  return {
    plain: { ...event, type, observeTime: at },
    row: [at, type, id, agent, generation > 0 ? `${generation}` : '', reason, message],
  };
}

import { type CallContext, invalidArgument, resourceExhausted } from '#libs/grpc';
import { isConfigId } from '#libs/keyspace';
import type { WatchEventsRequest, WatchEventsResponseInput } from '#proto';
import type { EventFeeds } from '../events/event-feeds.ts';
import { toEvent } from './messages.ts';

/** Streams events until the call ends. Throws a StatusError for what is no id, or when too many look on. */
export async function* watchEvents(
  feeds: Pick<EventFeeds, 'open'>,
  { id }: WatchEventsRequest,
  { signal }: CallContext,
): AsyncGenerator<WatchEventsResponseInput> {
  if (id !== '' && !isConfigId(id)) {
    throw invalidArgument([{ field: 'id', description: 'must be the id of a config, or empty' }]);
  }
  using feed = feeds.open(id === '' ? undefined : id);
  if (!feed) throw resourceExhausted('WATCHERS', 'too many callers watch this agent already');
  yield { type: 'TYPE_BEGIN' };
  for await (const told of feed.events(signal)) yield toEvent(told);
}

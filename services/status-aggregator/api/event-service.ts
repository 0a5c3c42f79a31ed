import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { decodePageToken, encodePageToken, pageSize, timestampFromDate } from '#libs/grpc';
import { isName, NAME_RULE } from '#libs/keyspace';
import type { HistoryEventInput, ListEventsRequest, ListEventsResponseInput } from '#proto';
import type { History, RecordedEvent, Subject } from '../events/history.ts';
import { envViolations, idViolations, passed } from './requests.ts';

/** ListEvents. */
export class EventService {
  readonly #history: Pick<History, 'list'>;
  /** Another process has another history: its positions mean nothing here. */
  readonly #process = randomUUID();

  constructor({ history }: { history: Pick<History, 'list'> }) {
    this.#history = history;
  }

  async list(request: ListEventsRequest): Promise<ListEventsResponseInput> {
    const subject = subjectOf(request);
    const size = pageSize(request.pageSize);
    const position = z.object({ before: z.int(), process: z.literal(this.#process) });
    const before = decodePageToken(request.pageToken, position)?.before;
    const found = this.#history.list(subject, before, size + 1);
    const last = found.length > size ? found[size - 1] : undefined;
    return {
      events: found.slice(0, size).map(eventMessage),
      nextPageToken: last ? encodePageToken({ before: last.sequence, process: this.#process }) : '',
    };
  }
}

function subjectOf({ env, subject, id, agent }: ListEventsRequest): Subject {
  const violations = envViolations(env);
  if (subject === 'id') passed([...violations, ...idViolations(id ?? '')]);
  else if (subject === 'agent') {
    const bad = isName(agent ?? '') ? [] : [{ field: 'agent', description: NAME_RULE }];
    passed([...violations, ...bad]);
  } else passed([...violations, { field: 'subject', description: 'must be an id or an agent' }]);
  return subject === 'agent' ? { env, agent: agent ?? '' } : { env, id: id ?? '' };
}

function eventMessage(event: RecordedEvent): HistoryEventInput {
  const { type, env, id = '', agent = '', atMs, ...rest } = event;
  const { generation, revision, epoch, reason, message } = rest;
  return {
    type: `EVENT_TYPE_${type}`,
    observeTime: timestampFromDate(new Date(atMs)),
    ...{ env, id, agent, generation, revision, epoch, reason, message },
  };
}

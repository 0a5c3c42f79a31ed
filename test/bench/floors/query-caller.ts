// Asks whether a config is complete: of the product, the floor and the baseline alike. `query-caller.ts
// ADDRESS ENV ID`: a call for each question; with `stream` behind it, all questions on one stream.

import { connect, keyed, unary } from './grpc.ts';
import { argument, serveRounds } from './program.ts';
import { rollcall } from './rollcall.ts';

interface Answer {
  readonly completion?: { readonly state?: string };
}

const client = connect(argument(0, 'ADDRESS'));
const request = { env: argument(1, 'ENV'), id: argument(2, 'ID') };
const service = rollcall('rollcall.v1.StatusAggregator');
const ask =
  process.argv[5] === 'stream' ? onOneStream() : unary<Answer>(client, service, 'GetCompletion');

serveRounds(async () => {
  const { completion } = await ask(request);
  if (completion?.state !== 'COMPLETION_STATE_COMPLETE') {
    throw new Error(`${request.id} is ${completion?.state ?? 'unknown'}`);
  }
});

function onOneStream(): (request: object) => Promise<Answer> {
  const query = keyed<{ key: string; response?: Answer }>(client, service, 'QueryCompletions');
  return async (question) => (await query(question)).response ?? {};
}

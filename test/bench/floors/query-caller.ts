// Asks whether a config is complete: of the product, the floor and the baseline alike.
// `query-caller.ts ADDRESS ENV ID`.

import { connect, unary } from './grpc.ts';
import { argument, serveRounds } from './program.ts';
import { rollcall } from './rollcall.ts';

const ask = unary<{ completion?: { state?: string } }>(
  connect(argument(0, 'ADDRESS')),
  rollcall('rollcall.v1.StatusAggregator'),
  'GetCompletion',
);
const request = { env: argument(1, 'ENV'), id: argument(2, 'ID') };

serveRounds(async () => {
  const { completion } = await ask(request);
  if (completion?.state !== 'COMPLETION_STATE_COMPLETE') {
    throw new Error(`${request.id} is ${completion?.state ?? 'unknown'}`);
  }
});

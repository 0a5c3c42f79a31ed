// Calls the product: a Set, then a wait until it is complete.
// `set-to-complete-caller.ts CONTROLLER AGGREGATOR ENV`.

import { contentOf } from './content.ts';
import { connect, unary } from './grpc.ts';
import { argument, serveRounds } from './program.ts';
import { rollcall } from './rollcall.ts';

interface SetAnswer {
  config?: { generation?: number };
  after?: object;
}

const set = unary<SetAnswer>(
  connect(argument(0, 'CONTROLLER')),
  rollcall('rollcall.v1.Controller'),
  'SetIngressConfig',
);
const wait = unary<{ outcome?: string; reason?: string }>(
  connect(argument(1, 'AGGREGATOR')),
  rollcall('rollcall.v1.StatusAggregator'),
  'WaitForCompletion',
);
const env = argument(2, 'ENV');
let number = 0;

serveRounds(async () => {
  number += 1;
  const id = `config-${number}`;
  const { config, after } = await set({ env, id, configJson: contentOf(number) });
  const generation = config?.generation ?? 0;
  const request = { envs: [env], id, generation, after, acceptExceptions: false };
  const { outcome, reason } = await wait(request);
  if (outcome !== 'WAIT_OUTCOME_DONE') throw new Error(`waited for ${id}: ${outcome}, ${reason}`);
});

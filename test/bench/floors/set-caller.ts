// Calls the product: unary Sets, each of a new config. `set-caller.ts CONTROLLER ENV`.

import { contentOf } from './content.ts';
import { connect, unary } from './grpc.ts';
import { argument, serveRounds } from './program.ts';
import { rollcall } from './rollcall.ts';

interface Answer {
  config?: { publishState?: string };
}

const set = unary<Answer>(
  connect(argument(0, 'CONTROLLER')),
  rollcall('rollcall.v1.Controller'),
  'SetIngressConfig',
);
const env = argument(1, 'ENV');
let number = 0;

serveRounds(async () => {
  number += 1;
  const { config } = await set({ env, id: `config-${number}`, configJson: contentOf(number) });
  if (config?.publishState !== 'PUBLISH_STATE_PUBLISHED') {
    throw new Error(`a Set was ${config?.publishState ?? 'not answered'}`);
  }
});

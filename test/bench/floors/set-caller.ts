// Sets configs, each a new one: of the product, the floor and the reference alike. `set-caller.ts ADDRESS
// ENV`: a call for each Set; with `stream` behind it, all Sets on one stream.

import { contentOf } from './content.ts';
import { connect, keyed, unary } from './grpc.ts';
import { argument, serveRounds } from './program.ts';
import { rollcall } from './rollcall.ts';

interface Answer {
  readonly config?: { readonly publishState?: string };
}

const client = connect(argument(0, 'ADDRESS'));
const env = argument(1, 'ENV');
const service = rollcall('rollcall.v1.Controller');
const set =
  process.argv[4] === 'stream' ? onOneStream() : unary<Answer>(client, service, 'SetIngressConfig');
let number = 0;

serveRounds(async () => {
  number += 1;
  const { config } = await set({ env, id: `config-${number}`, configJson: contentOf(number) });
  if (config?.publishState !== 'PUBLISH_STATE_PUBLISHED') {
    throw new Error(`a Set was ${config?.publishState ?? 'not answered'}`);
  }
});

function onOneStream(): (request: object) => Promise<Answer> {
  const send = keyed<{ key: string; response?: Answer; failure?: { message?: string } }>(
    client,
    service,
    'StreamSetIngressConfigs',
  );
  return async (request) => {
    const { response, failure } = await send(request);
    if (!response) throw new Error(`a Set failed: ${failure?.message ?? 'without a reason'}`);
    return response;
  };
}

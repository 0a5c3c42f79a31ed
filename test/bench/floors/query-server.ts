// Answers GetCompletion and QueryCompletions over gRPC. `query-server.ts view`: from a map in memory, without logic, which is
// the floor. `query-server.ts ranges ETCD`: by reading the environment's agents and the config's statuses
// from etcd for each question and comparing them, which is the baseline.

import {
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { openRawEtcd } from './etcd.ts';
import { listen } from './grpc.ts';
import { argument, serveOnly } from './program.ts';
import { rollcall } from './rollcall.ts';

interface Question {
  readonly env: string;
  readonly id: string;
}

interface Keyed {
  readonly key: string;
  readonly request: Question;
}

type Answer = (question: Question) => Promise<object> | object;

const answer = argument(0, 'MODE') === 'view' ? fromView() : fromRanges(argument(1, 'ETCD'));
const server = new Server();
const { GetCompletion, QueryCompletions } = rollcall('rollcall.v1.StatusAggregator');
server.addService({ GetCompletion, QueryCompletions } as never, {
  GetCompletion: (call: ServerUnaryCall<Question, object>, done: sendUnaryData<object>) => {
    void reply(call.request, done);
  },
  QueryCompletions: (call: ServerDuplexStream<Keyed, object>) => {
    call.on('data', ({ key, request }: Keyed) => {
      void reply(request, (_, response) => call.write({ key, response }));
    });
    call.on('end', () => call.end());
  },
});
serveOnly(await listen(server));

async function reply(question: Question, done: sendUnaryData<object>): Promise<void> {
  try {
    done(null, { completion: await answer(question) });
  } catch (error) {
    done(error as Error);
  }
}

function fromView(): Answer {
  const view = new Map<string, object>();
  return ({ env, id }) => {
    const key = `${env}/${id}`;
    const known = view.get(key);
    if (known) return known;
    const completion = completionOf({ env, id }, 1, true);
    view.set(key, completion);
    return completion;
  };
}

function fromRanges(endpoint: string): Answer {
  const etcd = openRawEtcd(endpoint);
  return async ({ env, id }) => {
    const [agents, reported] = await Promise.all([
      etcd.list(`/ingress/agent/${env}/`),
      etcd.list(`/ingress/ingress_config_status/${env}/${id}/`),
    ]);
    const done = new Set(reported);
    const isComplete = agents.length > 0 && agents.every((agent) => done.has(agent));
    return completionOf({ env, id }, agents.length, isComplete);
  };
}

/** As many bytes as the product's answer has, about. */
function completionOf({ env, id }: Question, expected: number, isComplete: boolean): object {
  return {
    ...{ env, id, generation: 1, digest: 'd'.repeat(64), asOfRevision: 1, epoch: 1 },
    state: isComplete ? 'COMPLETION_STATE_COMPLETE' : 'COMPLETION_STATE_PROGRESSING',
    counts: { expected, done: expected },
    ...{ lag: { nanos: 1 }, acceptedKnown: true, fullyExecuted: isComplete, inSync: isComplete },
  };
}

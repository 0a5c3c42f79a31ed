// Answers Sets over gRPC. `set-server.ts bare`: SetIngressConfig at once, which is the floor of a unary
// call. `set-server.ts grouped MYSQL_URL ETCD`: StreamSetIngressConfigs, each Set once the group commit
// has it in MySQL and in etcd: what the stream adds to that floor.

import {
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { openGroupCommit } from './group-commit.ts';
import { listen } from './grpc.ts';
import { argument, serveOnly } from './program.ts';
import { rollcall } from './rollcall.ts';

interface Set {
  readonly env: string;
  readonly id: string;
  readonly configJson: string;
}

interface Keyed {
  readonly key: string;
  readonly request: Set;
}

const write =
  argument(0, 'MODE') === 'bare'
    ? undefined
    : await openGroupCommit([argument(1, 'MYSQL_URL'), argument(2, 'ETCD')], 'reference_group');
const server = new Server();
const { SetIngressConfig, StreamSetIngressConfigs } = rollcall('rollcall.v1.Controller');
server.addService({ SetIngressConfig, StreamSetIngressConfigs } as never, {
  SetIngressConfig: ({ request }: ServerUnaryCall<Set, object>, done: sendUnaryData<object>) => {
    done(null, answerTo(request));
  },
  StreamSetIngressConfigs: (call: ServerDuplexStream<Keyed, object>) => {
    call.on('data', ({ key, request }: Keyed) => {
      write?.({ id: request.id, content: request.configJson }).then(
        () => call.write({ key, response: answerTo(request) }),
        (error: unknown) => call.emit('error', error),
      );
    });
    call.on('end', () => call.end());
  },
});
serveOnly(await listen(server));

/** As many bytes as the product's answer has, about. */
function answerTo({ env, id }: Set): object {
  return {
    changed: true,
    config: {
      ...{ env, id, generation: 1, digest: 'd'.repeat(64), actor: 'anonymous' },
      ...{ completionPolicy: 'COMPLETION_POLICY_APPLIED', acceptTime: { seconds: 1, nanos: 1 } },
      publishState: 'PUBLISH_STATE_PUBLISHED',
      after: { epoch: 1, revision: 1, generation: 1 },
    },
  };
}

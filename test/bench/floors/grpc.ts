import {
  type Client,
  credentials,
  Client as GrpcClient,
  type MethodDefinition,
  type Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { loadSync, type Options, type ServiceDefinition } from '@grpc/proto-loader';

/** A call that hangs ends the round. */
const DEADLINE_MS = 30_000;

/** The services of .proto files, by their full names. */
export function loadServices(
  files: readonly string[],
  options: Options,
): (name: string) => ServiceDefinition {
  const loaded = loadSync([...files], options);
  return (name) => {
    const found = loaded[name];
    if (!found || 'format' in found) throw new Error(`no service ${name} in ${files.join()}`);
    return found;
  };
}

/** A connection of its own, without TLS. */
export function connect(address: string): Client {
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  return new GrpcClient(address, credentials.createInsecure(), options);
}

/** Has a server serve on a free port, without TLS; resolves with its address. */
export async function listen(server: Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, found: number) => (error ? reject(error) : resolve(found));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  return `127.0.0.1:${port}`;
}

/** A unary method as a function. */
export function unary<O>(
  client: Client,
  service: ServiceDefinition,
  method: string,
): (request: object) => Promise<O> {
  const { path, requestSerialize, responseDeserialize } = definitionOf<object, O>(service, method);
  return (request) =>
    new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + DEADLINE_MS };
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        options,
        (error, answer) => {
          if (error || answer === undefined) reject(error ?? new Error(`${path}: no answer`));
          else resolve(answer);
        },
      );
    });
}

/**
 * A method that takes a stream and answers with one, as a function: each message goes out under a key of
 * its own, on one stream, and the answer with that key is its answer.
 */
export function keyed<O extends { key: string }>(
  client: Client,
  service: ServiceDefinition,
  method: string,
): (request: object) => Promise<O> {
  const { path, requestSerialize, responseDeserialize } = definitionOf<object, O>(service, method);
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const waiting = new Map<string, PromiseWithResolvers<O>>();
  let count = 0;
  stream.on('data', (answer: O) => {
    waiting.get(answer.key)?.resolve(answer);
    waiting.delete(answer.key);
  });
  stream.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  return (request) => {
    const key = String(count);
    count += 1;
    const answer = Promise.withResolvers<O>();
    waiting.set(key, answer);
    stream.write({ key, request });
    return answer.promise;
  };
}

/** A method's path and its codecs. */
export function definitionOf<I, O>(
  service: ServiceDefinition,
  method: string,
): MethodDefinition<I, O> {
  const definition = service[method];
  if (!definition) throw new Error(`no method ${method}`);
  return definition as unknown as MethodDefinition<I, O>;
}

import {
  type DescMethod,
  fromBinary,
  type JsonObject,
  type Message,
  type Registry,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import type { ByteCallOptions, ByteClient } from '#libs/grpc';

/** Servers by the full name of their service. */
export type Upstreams = ReadonlyMap<string, ByteClient>;

/** Calls methods by their descriptors; answers are proto3 JSON. */
export interface Calls {
  /** Rejects with RpcError. */
  unary(method: DescMethod, request: Message, options: ByteCallOptions): Promise<JsonObject>;
  /** Rejects with RpcError; leaving the loop cancels the call. */
  stream(
    method: DescMethod,
    request: Message,
    options: ByteCallOptions,
  ): AsyncGenerator<JsonObject>;
}

export function createCalls(upstreams: Upstreams, registry: Registry): Calls {
  const clientOf = ({ parent }: DescMethod): ByteClient => {
    const client = upstreams.get(parent.typeName);
    if (!client) throw new Error(`there is no server of ${parent.typeName}`);
    return client;
  };
  // Fields without a value are sent as well, for a caller need not know the defaults of proto3; but of
  // what a mask left out nobody knows the value.
  const json = ({ output }: DescMethod, bytes: Uint8Array, alwaysEmitImplicit = true) =>
    toJson(output, fromBinary(output, bytes), { registry, alwaysEmitImplicit }) as JsonObject;
  return {
    unary: async (method, request, options) => {
      const bytes = toBinary(method.input, request);
      const answer = await clientOf(method).call(pathOf(method), bytes, options);
      return json(method, answer, !isMasked(request));
    },
    async *stream(method, request, options) {
      const bytes = toBinary(method.input, request);
      for await (const answer of clientOf(method).stream(pathOf(method), bytes, options)) {
        yield json(method, answer);
      }
    },
  };
}

function isMasked(request: Message & { readMask?: { paths: string[] } }): boolean {
  const [first] = request.readMask?.paths ?? [];
  return first !== undefined && first !== '*';
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

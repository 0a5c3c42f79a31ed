// gRPC server reflection, v1 and v1alpha, from a serialised descriptor set. Each file is answered
// with its original bytes: decoding and encoding it again would drop options and extensions.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type {
  MethodDefinition,
  Server,
  ServerDuplexStream,
  ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type FileDescriptor, filesOf, type MessageDescriptor } from './descriptors.ts';

const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
/** Field 1 of FileDescriptorSet, length-delimited. */
const FILE_TAG = 0x0a;

interface ReflectionRequest {
  host?: string;
  messageRequest?: string;
  listServices?: string;
  fileByFilename?: string;
  fileContainingSymbol?: string;
}

/** Answers questions about some descriptor sets. */
export class ReflectionIndex {
  readonly #bytes: Buffer[] = [];
  /** Names of the files that each imports: the decoded files, with every comment, are megabytes. */
  readonly #imports: (readonly string[])[] = [];
  readonly #byName = new Map<string, number>();
  readonly #bySymbol = new Map<string, number>();
  readonly #services: readonly string[];

  constructor(descriptorSets: readonly Buffer[], services: readonly string[]) {
    this.#services = services;
    for (const set of descriptorSets) {
      const parts = splitSet(set);
      for (const [index, file] of filesOf(set).entries()) {
        if (!this.#byName.has(file.name)) this.#add(file, parts[index] as Buffer);
      }
    }
  }

  answer(request: ReflectionRequest): object {
    switch (request.messageRequest) {
      case 'listServices':
        return { listServicesResponse: { service: this.#services.map((name) => ({ name })) } };
      case 'fileByFilename':
        return this.#file(this.#byName.get(request.fileByFilename ?? ''));
      case 'fileContainingSymbol':
        return this.#file(this.#bySymbol.get(request.fileContainingSymbol ?? ''));
      default:
        return errorResponse(UNIMPLEMENTED, 'extensions are not reflected');
    }
  }

  #add(file: FileDescriptor, bytes: Buffer): void {
    const index = this.#imports.push(file.dependency ?? []) - 1;
    this.#bytes.push(bytes);
    this.#byName.set(file.name, index);
    for (const symbol of symbolsOf(file)) this.#bySymbol.set(symbol, index);
  }

  /** A file with everything that it imports. */
  #file(index: number | undefined): object {
    if (index === undefined) return errorResponse(NOT_FOUND, 'not found');
    const wanted = new Set([index]);
    for (const each of wanted) {
      for (const name of this.#imports[each] ?? []) {
        const imported = this.#byName.get(name);
        if (imported !== undefined) wanted.add(imported);
      }
    }
    const fileDescriptorProto = [...wanted].map((each) => this.#bytes[each]);
    return { fileDescriptorResponse: { fileDescriptorProto } };
  }
}

function errorResponse(errorCode: number, errorMessage: string): object {
  return { errorResponse: { errorCode, errorMessage } };
}

/** The serialised files of a serialised FileDescriptorSet, in order. */
function splitSet(set: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let at = 0;
  while (at < set.length) {
    if (set[at] !== FILE_TAG) throw new Error('not a FileDescriptorSet');
    at += 1;
    let length = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7, at += 1) {
      byte = set[at] ?? 0;
      length |= (byte & 0x7f) << shift;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}

function symbolsOf(file: FileDescriptor): string[] {
  const prefix = file.package ? `${file.package}.` : '';
  const symbols: string[] = [];
  const addMessage = (message: MessageDescriptor, scope: string): void => {
    const name = scope + message.name;
    symbols.push(name);
    for (const { name: nested } of message.enumType ?? []) symbols.push(`${name}.${nested}`);
    for (const { name: field } of message.field ?? []) symbols.push(`${name}.${field}`);
    for (const nested of message.nestedType ?? []) addMessage(nested, `${name}.`);
  };
  for (const message of file.messageType ?? []) addMessage(message, prefix);
  for (const { name } of file.enumType ?? []) symbols.push(prefix + name);
  for (const { name, method } of file.service ?? []) {
    symbols.push(prefix + name, ...(method ?? []).map((each) => `${prefix}${name}.${each.name}`));
  }
  return symbols;
}

const METHOD = 'ServerReflectionInfo';
type Method = MethodDefinition<object, object>;

/** The services of both versions. */
const reflectionServices: readonly ServiceDefinition[] = ['v1', 'v1alpha'].map((version) => {
  let loaded: Method | undefined;
  // At the first call: few servers are ever asked.
  const method = () => {
    loaded ??= loadMethod(version);
    return loaded;
  };
  const definition: Method = {
    path: `/grpc.reflection.${version}.ServerReflection/${METHOD}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (value) => method().requestSerialize(value),
    requestDeserialize: (bytes) => method().requestDeserialize(bytes),
    responseSerialize: (value) => method().responseSerialize(value),
    responseDeserialize: (bytes) => method().responseDeserialize(bytes),
  };
  return { [METHOD]: definition };
});

function loadMethod(version: string): Method {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@grpc/reflection/package.json')), 'build/proto');
  const loaded = loadSync(`grpc/reflection/${version}/reflection.proto`, {
    includeDirs: [folder],
    defaults: false,
    oneofs: true,
  });
  const service = loaded[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
  return service[METHOD] as Method;
}

/** Adds both versions of reflection to a server. `open` is called once somebody asks. */
export function addReflection(server: Server, open: () => ReflectionIndex): void {
  let index: ReflectionIndex | undefined;
  for (const definition of reflectionServices) {
    server.addService(definition, {
      [METHOD]: (call: ServerDuplexStream<ReflectionRequest, object>) => {
        call.on('data', (request: ReflectionRequest) => {
          index ??= open();
          call.write({
            validHost: request.host ?? '',
            originalRequest: request,
            ...index.answer(request),
          });
        });
        call.on('end', () => call.end());
        call.on('error', () => call.destroy());
      },
    });
  }
}

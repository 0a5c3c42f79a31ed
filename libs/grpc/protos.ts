import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import {
  type ServiceDefinition as LoadedService,
  loadFileDescriptorSetFromObject,
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
} from '@grpc/proto-loader';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import type { AgentDefinition, ControllerDefinition, StatusAggregatorDefinition } from '#proto';

/** Rollcall's services by their names in the package rollcall.v1. */
export interface Definitions {
  Controller: ControllerDefinition;
  StatusAggregator: StatusAggregatorDefinition;
  Agent: AgentDefinition;
}
export type ServiceName = keyof Definitions;

/** Agrees with proto/generate.ts, which makes the types. */
const LOAD_OPTIONS = { longs: Number, enums: String, defaults: true, oneofs: true } as const;

const PROTO_DIR = fileURLToPath(new URL('../../proto', import.meta.url));

/** What `buf build` wrote, with everything that it imports. */
export const descriptorSet: Buffer = readFileSync(
  new URL('../../proto/gen/descriptor_set.binpb', import.meta.url),
);

interface MessageDescriptor {
  field?: { name: string }[];
  oneofDecl?: { name: string }[];
  nestedType?: MessageDescriptor[];
}

/** What of a file's descriptor is used here and by reflection. */
export interface FileDescriptor {
  name: string;
  package?: string;
  dependency?: string[];
  messageType?: (MessageDescriptor & { name: string; enumType?: { name: string }[] })[];
  enumType?: { name: string }[];
  service?: { name: string; method?: { name: string }[] }[];
}

interface DescriptorTypes {
  FileDescriptorSet: { decode(bytes: Uint8Array): { file: FileDescriptor[] } };
}

/** The files of a serialised descriptor set. */
export function filesOf(set: Uint8Array): FileDescriptor[] {
  return (descriptor as unknown as DescriptorTypes).FileDescriptorSet.decode(set).file;
}

const packageDefinition = loadPackage();

function loadPackage(): PackageDefinition {
  // From the sources, because protobufjs loses maps when it loads descriptors.
  const files = readdirSync(`${PROTO_DIR}/rollcall/v1`).map((name) => `rollcall/v1/${name}`);
  const ours = loadSync(files, { ...LOAD_OPTIONS, includeDirs: [PROTO_DIR] });
  // google.rpc has no sources at run time; the messages used here hold no maps.
  const file = filesOf(descriptorSet);
  for (const { messageType } of file) for (const message of messageType ?? []) camelCase(message);
  return { ...loadFileDescriptorSetFromObject({ file }, LOAD_OPTIONS), ...ours };
}

/** Descriptors hold the names of the .proto file; our types have them in camel case. */
function camelCase(message: MessageDescriptor): void {
  for (const named of [...(message.field ?? []), ...(message.oneofDecl ?? [])]) {
    named.name = named.name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/gi, (_, letter: string) =>
      letter.toUpperCase(),
    );
  }
  for (const nested of message.nestedType ?? []) camelCase(nested);
}

/** Full name, such as rollcall.v1.Controller. */
export function fullName(service: ServiceName): string {
  return `rollcall.v1.${service}`;
}

export function serviceDefinition(service: ServiceName): ServiceDefinition {
  return packageDefinition[fullName(service)] as ServiceDefinition;
}

/** The type of a method's request. */
export function requestTypeOf(
  service: ServiceName,
  method: string,
): MessageTypeDefinition<object, object> | undefined {
  const definition = packageDefinition[fullName(service)] as LoadedService | undefined;
  return definition?.[method]?.requestType;
}

/** Serialiser and deserialiser of a message, such as google.rpc.Status. */
export function messageType<I extends object, O extends object>(
  name: string,
): MessageTypeDefinition<I, O> {
  return packageDefinition[name] as unknown as MessageTypeDefinition<I, O>;
}

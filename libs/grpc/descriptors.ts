import { readFileSync } from 'node:fs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

/** What `buf build` wrote, with everything that it imports. */
export const descriptorSet: Buffer = readFileSync(
  new URL('../../proto/gen/descriptor_set.binpb', import.meta.url),
);

/** What of a file's descriptor is used by reflection. */
export interface FileDescriptor {
  name: string;
  package?: string;
  dependency?: string[];
  messageType?: MessageDescriptor[];
  enumType?: { name: string }[];
  service?: { name: string; method?: { name: string }[] }[];
}

export interface MessageDescriptor {
  name: string;
  field?: { name: string }[];
  enumType?: { name: string }[];
  nestedType?: MessageDescriptor[];
}

interface DescriptorTypes {
  FileDescriptorSet: { decode(bytes: Uint8Array): { file: FileDescriptor[] } };
}

/** The files of a serialised descriptor set. */
export function filesOf(set: Uint8Array): FileDescriptor[] {
  return (descriptor as unknown as DescriptorTypes).FileDescriptorSet.decode(set).file;
}

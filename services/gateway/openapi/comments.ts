import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from '@bufbuild/protobuf';

/** Field numbers in google.protobuf.FileDescriptorProto and below, of which source paths are made. */
const FILE_MESSAGES = 4;
const FILE_ENUMS = 5;
const FILE_SERVICES = 6;
const MESSAGE_FIELDS = 2;
const MESSAGE_MESSAGES = 3;
const MESSAGE_ENUMS = 4;
const SERVICE_METHODS = 2;
const ENUM_VALUES = 2;

type Commented = DescMessage | DescField | DescEnum | DescEnumValue | DescService | DescMethod;

/** What the proto says above a thing; empty when it says nothing. */
export function commentOf(desc: Commented): string {
  const file = 'file' in desc ? desc.file : desc.parent.file;
  const path = pathOf(desc).join('.');
  const location = locationsOf(file).get(path) ?? '';
  return location.replaceAll(/^ /gm, '').trim();
}

const known = new WeakMap<DescFile, ReadonlyMap<string, string>>();

function locationsOf(file: DescFile): ReadonlyMap<string, string> {
  const found = known.get(file);
  if (found) return found;
  const locations = file.proto.sourceCodeInfo?.location ?? [];
  const made = new Map(locations.map((at) => [at.path.join('.'), at.leadingComments]));
  known.set(file, made);
  return made;
}

function pathOf(desc: Commented): number[] {
  if (desc.kind === 'service') return [FILE_SERVICES, desc.file.services.indexOf(desc)];
  if (desc.kind === 'rpc') {
    return [...pathOf(desc.parent), SERVICE_METHODS, desc.parent.methods.indexOf(desc)];
  }
  if (desc.kind === 'enum_value') {
    return [...pathOf(desc.parent), ENUM_VALUES, desc.parent.values.indexOf(desc)];
  }
  if (desc.kind === 'field') {
    return [...pathOf(desc.parent), MESSAGE_FIELDS, desc.parent.fields.indexOf(desc)];
  }
  const [inFile, inMessage] =
    desc.kind === 'message' ? [FILE_MESSAGES, MESSAGE_MESSAGES] : [FILE_ENUMS, MESSAGE_ENUMS];
  const { parent, file } = desc;
  const siblings: readonly { typeName: string }[] =
    desc.kind === 'message'
      ? (parent?.nestedMessages ?? file.messages)
      : (parent?.nestedEnums ?? file.enums);
  const index = siblings.findIndex(({ typeName }) => typeName === desc.typeName);
  return parent ? [...pathOf(parent), inMessage, index] : [inFile, index];
}

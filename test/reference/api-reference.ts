import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  ScalarType,
} from '@bufbuild/protobuf';
import { commentOf } from '#services/gateway/openapi/comments.ts';
import { type Api, readApi } from '#services/gateway/transcode/endpoints.ts';

const PACKAGE = 'rollcall.v1';
const SERVICES = ['Controller', 'StatusAggregator', 'Agent'];

const HEAD = `# The API

Package \`rollcall.v1\`, from the files in [proto](../proto/rollcall/v1). The same methods are served over REST
where a path stands beside them ([rest.md](rest.md)); every reason of an error is in
[errors.md](errors.md). 64-bit numbers are strings in JSON.
`;

/** docs/api.md, from a serialised descriptor set with its comments. */
export function apiReference(descriptorSet: Uint8Array): string {
  const api = readApi(descriptorSet);
  const services = SERVICES.map((name) => {
    const service = api.registry.getService(`${PACKAGE}.${name}`);
    if (!service) throw new Error(`there is no service ${name}`);
    return service;
  });
  const types = new Types();
  for (const { methods } of services) {
    for (const { input, output } of methods) for (const type of [input, output]) types.add(type);
  }
  return `${[
    HEAD,
    ...services.map(contentsOf),
    ...services.map((service) => serviceSection(service, api)),
    '## Messages\n',
    ...types.messages.map(messageSection),
    '## Enums\n',
    ...types.enums.map(enumSection),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** Messages and enums that are reached from methods, by name. */
class Types {
  readonly #messages = new Map<string, DescMessage>();
  readonly #enums = new Map<string, DescEnum>();

  add(message: DescMessage): void {
    if (!isOurs(message) || this.#messages.has(message.typeName)) return;
    this.#messages.set(message.typeName, message);
    for (const field of message.fields) {
      if (field.message) this.add(field.message);
      if (field.enum) this.#enums.set(field.enum.typeName, field.enum);
      const value = field.fieldKind === 'map' ? field.message : undefined;
      if (value) this.add(value);
    }
  }

  get messages(): DescMessage[] {
    return sorted(this.#messages);
  }

  get enums(): DescEnum[] {
    return sorted(this.#enums);
  }
}

function sorted<T>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, type]) => type);
}

function isOurs({ typeName }: { typeName: string }): boolean {
  return typeName.startsWith(`${PACKAGE}.`);
}

function contentsOf({ name, methods }: DescService): string {
  const links = methods.map((method) => `[${method.name}](${anchorOf(methodTitle(method))})`);
  return `- **[${name}](${anchorOf(name)})**: ${links.join(', ')}\n`;
}

function serviceSection(service: DescService, api: Api): string {
  const methods = service.methods.map((method) => methodSection(method, api));
  return [`## ${service.name}\n`, `${said(service)}\n`, ...methods].join('\n');
}

function methodTitle(method: DescMethod): string {
  return `${method.parent.name}.${method.name}`;
}

function methodSection(method: DescMethod, { endpoints }: Api): string {
  const streams = {
    unary: ['', ''],
    server_streaming: ['', 'stream '],
    client_streaming: ['stream ', ''],
    bidi_streaming: ['stream ', 'stream '],
  } as const;
  const [asks, answers] = streams[method.methodKind];
  const routes = endpoints
    .filter((endpoint) => endpoint.method === method)
    .map(({ verb, path }) => `\`${verb} ${path.text}\``);
  return [
    `### ${methodTitle(method)}\n`,
    `${asks}${linkTo(method.input)} → ${answers}${linkTo(method.output)}` +
      (routes.length > 0 ? `; REST: ${routes.join(', ')}` : '; gRPC only'),
    '',
    `${said(method)}\n`,
  ].join('\n');
}

function messageSection(message: DescMessage): string {
  const rows = message.fields.map(
    (field) => `| \`${field.name}\` | ${typeOf(field)} | ${inOneLine(said(field))} |`,
  );
  const table = ['| field | type | |', '|---|---|---|', ...rows, ''];
  return [
    `### ${shortName(message)}\n`,
    `${said(message)}\n`,
    ...(rows.length > 0 ? table : ['Without fields.\n']),
  ].join('\n');
}

function enumSection(desc: DescEnum): string {
  const rows = desc.values.map((value) => `| \`${value.name}\` | ${inOneLine(said(value))} |`);
  return [
    `### ${shortName(desc)}\n`,
    `${said(desc)}\n`,
    ...['| value | |', '|---|---|', ...rows, ''],
  ].join('\n');
}

function typeOf(field: DescField): string {
  const name = valueTypeOf(field);
  if (field.fieldKind === 'list') return `repeated ${name}`;
  if (field.fieldKind === 'map') return `map of string to ${name}`;
  const isOptional = field.proto.proto3Optional;
  const choice = field.oneof && !isOptional ? `, one of ${field.oneof.name}` : '';
  return `${isOptional ? 'optional ' : ''}${name}${choice}`;
}

function valueTypeOf(field: DescField): string {
  if (field.message) return linkTo(field.message);
  if (field.enum) return linkTo(field.enum);
  return ScalarType[field.scalar ?? ScalarType.BYTES].toLowerCase();
}

function linkTo(type: DescMessage | DescEnum): string {
  if (!isOurs(type)) return `\`${type.typeName}\``;
  return `[${shortName(type)}](${anchorOf(shortName(type))})`;
}

function shortName({ typeName }: { typeName: string }): string {
  return typeName.slice(PACKAGE.length + 1);
}

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return `#${title.toLowerCase().replaceAll('.', '')}`;
}

/** A comment as Markdown: a pattern in it is no link. */
function said(desc: Parameters<typeof commentOf>[0]): string {
  return commentOf(desc).replaceAll('](', ']\\(');
}

function inOneLine(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}

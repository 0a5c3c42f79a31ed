import type { DescField, JsonObject } from '@bufbuild/protobuf';
import { canWait } from '../api/wait.ts';
import type { Api, Endpoint } from '../transcode/endpoints.ts';
import { FIELD_MASK } from '../transcode/json-violations.ts';
import { commentOf } from './comments.ts';
import { Schemas } from './schemas.ts';

const PROBLEM: JsonObject = {
  type: 'object',
  description: 'RFC 9457, made from google.rpc.Status.',
  required: ['type', 'title', 'status', 'detail', 'code', 'reason'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Canonical name of the code, such as ABORTED.' },
    reason: { type: 'string', description: 'Stable word for programs.' },
    violations: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, description: { type: 'string' } },
      },
    },
    retryAfterMs: { type: 'number' },
  },
};

/** The OpenAPI 3.1 document of the REST surface. */
export function openApiDocument({ endpoints }: Api, version: string): JsonObject {
  const schemas = new Schemas();
  const paths: Record<string, JsonObject> = {};
  for (const endpoint of endpoints) {
    const item = (paths[endpoint.path.text] ??= {});
    item[endpoint.verb.toLowerCase()] = operation(endpoint, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      description: 'Delivers ingress configuration and proves that every live agent applied it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: { ...schemas.collected, Problem: PROBLEM } },
  };
}

function operation(endpoint: Endpoint, schemas: Schemas): JsonObject {
  const { method, body } = endpoint;
  const description = commentOf(method);
  const id = `${method.parent.name}_${method.name}`;
  return {
    operationId: endpoint.isPrimary ? id : `${id}_${endpoint.verb.toLowerCase()}`,
    tags: [method.parent.name],
    summary: /^[^.:]*/.exec(description)?.[0].replaceAll('\n', ' ') ?? method.name,
    description,
    parameters: parameters(endpoint, schemas),
    ...(body === '*' && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemas.message(method.input) } },
      },
    }),
    responses: {
      '200': success(endpoint, schemas),
      default: {
        description: 'A problem.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function parameters(endpoint: Endpoint, schemas: Schemas): JsonObject[] {
  const { method, path, body } = endpoint;
  const { fields } = method.input;
  const inPath = fields.filter(({ name }) => path.variables.includes(name));
  const inQuery = body === '*' ? [] : fields.filter((field) => !inPath.includes(field));
  const found = [
    ...inPath.map((field) => ({
      ...{ name: field.name, in: 'path', required: true },
      schema: schemas.field(field),
    })),
    ...inQuery.flatMap((field) => queryParameters(field, schemas)),
  ];
  if (canWait(endpoint)) {
    const description = 'How long to wait until it is in force everywhere, such as 30s.';
    found.push(text('wait', 'query', description));
  }
  if (fields.some(({ name }) => name === 'expected_generation')) {
    found.push(text('If-Match', 'header', 'ETag of the generation that must be the current one.'));
    found.push(text('If-None-Match', 'header', '*: only when there is none.'));
  }
  return found;
}

function text(name: string, where: string, description: string) {
  return { name, in: where, required: false, schema: { type: 'string', description } };
}

/** One for a field; one for each of its own fields where it is a message. */
function queryParameters(field: DescField, schemas: Schemas) {
  if (field.fieldKind === 'message' && field.message.typeName !== FIELD_MASK) {
    return field.message.fields.map((inner) => ({
      ...{ name: `${field.name}.${inner.name}`, in: 'query', required: false },
      schema: schemas.field(inner),
    }));
  }
  const style = field.fieldKind === 'map' ? { style: 'deepObject', explode: true } : {};
  return [
    {
      ...{ name: field.name, in: 'query', required: false, ...style },
      schema: schemas.field(field),
    },
  ];
}

function success({ method, responseBody }: Endpoint, schemas: Schemas): JsonObject {
  const { output, methodKind } = method;
  if (methodKind === 'server_streaming') {
    const description = `Server-sent events; the data of each is a ${output.name} as JSON.`;
    schemas.message(output);
    return { description, content: { 'text/event-stream': { schema: { type: 'string' } } } };
  }
  const field = output.fields.find(({ name }) => name === responseBody);
  const schema = field ? schemas.field(field) : schemas.message(output);
  const hasTag = output.fields.some(({ message }) => message?.name === 'IngressConfig');
  return {
    description: 'Done.',
    ...(hasTag && {
      headers: {
        ETag: { schema: { type: 'string' }, description: 'Generation, for If-Match.' },
      },
    }),
    content: { 'application/json': { schema } },
  };
}

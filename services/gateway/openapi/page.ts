import type { JsonObject } from '@bufbuild/protobuf';
import type { Page } from '../api/gateway.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
summary { cursor: pointer; padding: .3rem 0; } code, pre { font: 13px/1.5 ui-monospace, monospace; }
summary code { font-weight: 600; } .verb { display: inline-block; min-width: 4.5rem; color: #06c; }
p { white-space: pre-line; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
:root { color-scheme: light dark; }`;

interface Operation {
  tags: string[];
  summary: string;
  description: string;
  parameters: { name: string; in: string; schema: { description?: string } }[];
}

/** A page to read the document with: no script, nothing from elsewhere. */
export function documentationPage(document: JsonObject): Page {
  const paths = document['paths'] as unknown as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2>${escaped(tag)}</h2>${own.map(section).join('')}`;
  });
  return {
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rollcall API</title>
<style>${STYLE}</style><h1>Rollcall API</h1>
<p>Described for programs in <a href="/openapi.json">openapi.json</a>.</p>${sections.join('')}</html>`,
  };
}

function section({
  path,
  verb,
  operation,
}: {
  path: string;
  verb: string;
  operation: Operation;
}): string {
  const rows = operation.parameters.map(
    ({ name, in: where, schema }) =>
      `<tr><td><code>${escaped(name)}</code><td>${where}<td>${escaped(schema.description ?? '')}`,
  );
  return `<details><summary><code><span class="verb">${verb.toUpperCase()}</span> ${escaped(path)}</code>
${escaped(operation.summary)}</summary><p>${escaped(operation.description)}</p>
<table>${rows.join('')}</table></details>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

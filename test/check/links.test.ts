import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

/** What is linked: `[text](target)`, outside of code. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** Anchors of its headings, as GitHub makes them. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ +(.*)$/gm);
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every link of a page leads to a file and a heading that are there', () => {
  const pages = globSync('**/*.md', {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules' || name.startsWith('.'),
  });
  assert(pages.length > 10);
  const dead = pages.flatMap((page) => {
    const links = linksOf(readFileSync(join(ROOT, page), 'utf8'));
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    return local.flatMap((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
      if (!existsSync(file)) return [`${page}: ${link}`];
      if (anchor === undefined) return [];
      const isThere = anchorsOf(readFileSync(file, 'utf8')).has(anchor);
      return isThere ? [] : [`${page}: ${link}: no such heading in ${relative(ROOT, file)}`];
    });
  });
  assert.deepEqual(dead, []);
});

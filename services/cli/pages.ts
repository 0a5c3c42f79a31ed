import { CliError } from './exit-codes.ts';

/** Entries of one answer: what a terminal and a program can still take. */
const ITEMS_MAX = 1_000_000;

/** All entries of a paged list. */
export async function everyPage<T>(
  page: (pageToken: string) => Promise<{ items: readonly T[]; next: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let token = '';
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
    if (all.length > ITEMS_MAX) throw new CliError(`there are more than ${ITEMS_MAX} entries`);
  } while (token !== '');
  return all;
}

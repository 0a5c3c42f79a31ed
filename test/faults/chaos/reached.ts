import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { History } from './history.ts';

/** Rare branches, by the words that the programs log when they take them. */
const LOGGED: Readonly<Record<string, string>> = {
  'a new epoch': 'etcd gets a new epoch',
  'a roster restored from MySQL': 'roster restored from mysql',
  'a write of ours found lost': 'etcd has lost a write',
  'lost statuses written again': 'etcd has lost statuses',
  'a history that is not ours': 'relisting',
  'a foreign value replaced': 'a foreign value was replaced',
  'keys set aside': 'set aside',
  'a lease lost': 'registration lost',
  'a generation refused': 'generation refused',
  'a statuses’ write that failed': 'statuses were not written',
  'MySQL away': 'mysql does not answer',
  'an agent lost': 'agent lost',
  'an agent back': 'agent back',
  'a pass that failed': 'reconcile pass failed',
  'a receipt written': 'receipt written',
};

/** How often each rare branch was taken. */
export async function countReached(dir: string, history: History): Promise<Map<string, number>> {
  const counts = new Map<string, number>(Object.keys(LOGGED).map((name) => [name, 0]));
  const add = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  const files = (await readdir(dir)).filter((name) => name.endsWith('.log'));
  for (const file of files) {
    const text = await readFile(join(dir, file), 'utf8');
    for (const [name, words] of Object.entries(LOGGED)) add(name, text.split(words).length - 1);
  }
  const writes = history.of('write');
  add('a write answered PENDING', writes.filter(({ isPending }) => isPending).length);
  add('a write repeated by its caller', writes.filter(({ tries }) => tries > 1).length);
  const outcomes = Map.groupBy(history.of('waited'), ({ outcome }) => outcome);
  for (const [outcome, all] of outcomes) add(`a wait that ended ${outcome}`, all.length);
  const states = Map.groupBy(history.of('said'), ({ state }) => state);
  for (const [state, all] of states) add(`an answer ${state}`, all.length);
  return counts;
}

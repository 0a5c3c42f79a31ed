import { setTimeout as delay } from 'node:timers/promises';
import type { AgentService } from '#test/system';
import type { History, Key } from './history.ts';
import { agentName, type Place } from './place.ts';

const LOOK_EVERY_MS = 60;

/** The mark in a config's text. */
export function markOf(text: string): string {
  return (JSON.parse(text) as { mark?: string }).mark ?? '?';
}

/** The mark that stands on an agent's disk now. */
export async function markOnDisk(agent: AgentService, { id }: Key): Promise<string | undefined> {
  const text = (await agent.files()).get(id);
  return text === undefined ? undefined : markOf(text);
}

/** Looks at every agent's disk again and again, and writes down what changed. */
export async function recordDisks(
  { system }: Place,
  history: History,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  const before = new Map<string, Map<string, string>>();
  while (!signal.aborted) {
    for (const agent of system.agents.values()) {
      const name = agentName(agent);
      const files = await agent.files();
      const atMs = now();
      const last = before.get(name) ?? new Map<string, string>();
      for (const [id, text] of files) {
        if (last.get(id) === text) continue;
        history.add({ t: 'disk', env: agent.env, id, agent: name, mark: markOf(text), atMs });
      }
      for (const id of last.keys()) {
        if (files.has(id)) continue;
        history.add({ t: 'disk', env: agent.env, id, agent: name, mark: undefined, atMs });
      }
      before.set(name, files);
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

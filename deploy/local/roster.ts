import { ExitError } from '#libs/config';
import { type GrpcClient, openClient } from '#libs/grpc';
import { sleep } from '#libs/lifecycle';
import type { ControllerDefinition } from '#proto';

/** From a start on an empty etcd to the last agent's first full report; seconds at worst. */
const SYNC_TIMEOUT_MS = 60_000;
const SYNC_POLL_MS = 100;

/**
 * Waits until a controller's roster shows every agent, given as `<env>/<name>`, live and in step:
 * before that, "all agents" may mean a few. Throws ExitError after a minute.
 */
export async function untilSynced(
  controller: string,
  agents: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  await using client = openClient('Controller', controller);
  const giveUpAt = performance.now() + SYNC_TIMEOUT_MS;
  const waiting = new Set(agents);
  for (let why = ''; waiting.size > 0; await sleep(SYNC_POLL_MS, signal)) {
    try {
      for (const key of await syncedAgents(client, signal)) waiting.delete(key);
    } catch (error) {
      why = `: ${(error as Error).message}`;
    }
    if (performance.now() > giveUpAt) {
      throw new ExitError(1, `agents did not join: ${[...waiting].join(', ')}${why}`);
    }
  }
}

async function syncedAgents(
  client: GrpcClient<ControllerDefinition>,
  signal: AbortSignal,
): Promise<string[]> {
  const keys: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await client.call('ListAgents', { env: '-', pageToken }, { signal });
    const synced = page.agents.filter((a) => a.state === 'AGENT_STATE_LIVE' && a.synced !== null);
    keys.push(...synced.map(({ env, name }) => `${env}/${name}`));
    pageToken = page.nextPageToken;
    if (pageToken === '') return keys;
  }
}

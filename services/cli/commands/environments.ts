import { RpcError } from '#libs/grpc';
import type { Environment } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import { ENVIRONMENT_HEADER, environmentEntry } from '../output/words.ts';
import { everyPage } from '../pages.ts';

/** Shows the environments, the worst first. */
export async function environments(context: CommandContext): Promise<ExitCode> {
  const { services, print, signal } = context;
  const all = await everyPage(async (pageToken) => {
    const answer = await services
      .aggregator()
      .ask((client) => client.call('ListEnvironments', { pageSize: 1000, pageToken }, { signal }));
    return { items: answer.environments, next: answer.nextPageToken };
  });
  print.list(ENVIRONMENT_HEADER, all.map(environmentEntry), 'there is no environment yet');
  return EXIT.DONE;
}

/** Those of the environments that no agent has joined, as a misspelt one; none where nobody can tell. */
export async function withoutAgents(
  context: CommandContext,
  envs: readonly string[],
): Promise<string[]> {
  try {
    const all = await everyEnvironment(context);
    const joined = all.filter(({ liveAgents, lostAgents }) => liveAgents + lostAgents > 0);
    const names = new Set(joined.map(({ env }) => env));
    return envs.filter((env) => !names.has(env));
  } catch (error) {
    if (error instanceof RpcError || error instanceof CliError) return [];
    throw error;
  }
}

/** The environments that have agents or configs. */
export async function everyEnvironment({
  services,
  signal,
}: CommandContext): Promise<Environment[]> {
  return await everyPage(async (pageToken) => {
    const answer = await services
      .controller()
      .ask((client) => client.call('ListEnvironments', { pageSize: 1000, pageToken }, { signal }));
    return { items: answer.environments, next: answer.nextPageToken };
  });
}

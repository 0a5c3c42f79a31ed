import type { Environment } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
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

import { mapBounded } from '../bounded.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { AGENT_HEADER, agentEntry, CONTROLLER_HEADER, controllerEntry } from '../output/words.ts';
import { everyPage } from '../pages.ts';
import { parseEnvs } from '../refs.ts';

const CALLS_MAX = 8;

/** Lists the members of the environments, the lost ones too. */
export async function agents(
  { services, print, signal }: CommandContext,
  options: { env?: string },
): Promise<ExitCode> {
  const envs = options.env === undefined ? ['-'] : parseEnvs(options.env);
  const pages = await mapBounded(envs, CALLS_MAX, (env) =>
    everyPage(async (pageToken) => {
      const answer = await services
        .controller()
        .ask((client) => client.call('ListAgents', { env, pageSize: 1000, pageToken }, { signal }));
      return { items: answer.agents, next: answer.nextPageToken };
    }),
  );
  print.list(AGENT_HEADER, pages.flat().map(agentEntry), 'there is no agent');
  return EXIT.DONE;
}

/** Lists the registered controllers. */
export async function controllers({ services, print, signal }: CommandContext): Promise<ExitCode> {
  const answer = await services
    .controller()
    .ask((client) => client.call('ListControllers', {}, { signal }));
  print.list(CONTROLLER_HEADER, answer.controllers.map(controllerEntry), 'there is no controller');
  return EXIT.DONE;
}

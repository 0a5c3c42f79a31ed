import { mapBounded } from '#libs/lifecycle';
import type { CommandContext } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Entry } from '../output/printer.ts';
import { AGENT_HEADER, agentEntry, CONTROLLER_HEADER, controllerEntry } from '../output/words.ts';
import { everyPage } from '../pages.ts';
import { parseEnvs, parseRef } from '../refs.ts';

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

/** Takes lost agents off their rosters for good. */
export async function decommission(
  { services, print, signal }: CommandContext,
  names: readonly string[],
  options: { env?: string },
): Promise<ExitCode> {
  const refs = names.map((name) => parseRef(name, options.env));
  const entries: Entry[] = [];
  for (const { env, id: name } of refs) {
    const { changed } = await services
      .controller()
      .ask((client) => client.call('DecommissionAgent', { env, name }, { signal }));
    const result = changed ? 'decommissioned' : 'had left already';
    entries.push({ plain: { env, name, changed }, row: [env, name, result] });
  }
  print.list(['ENV', 'NAME', 'RESULT'], entries, '');
  return EXIT.DONE;
}

/** Changes the settings of an environment. */
export async function setEnvironment(
  { services, print, signal }: CommandContext,
  env: string,
  { minAgents }: { minAgents: number },
): Promise<ExitCode> {
  const request = { env, minAgents, updateMask: { paths: ['min_agents'] } };
  const { environment } = await services
    .controller()
    .ask((client) => client.call('UpdateEnvironment', request, { signal }));
  const row = [env, `${environment?.minAgents}`, `${environment?.liveAgents}`];
  print.list(['ENV', 'MIN', 'LIVE'], [{ plain: environment, row }], '');
  return EXIT.DONE;
}

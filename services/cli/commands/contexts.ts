import type { CommandContext } from '../command-context.ts';
import { chooseContext, contextsOf } from '../contexts.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** Lists the contexts, and which one commands take. Asks no service. */
export async function listContexts(
  { print, env }: CommandContext,
  flags: { context?: string },
): Promise<ExitCode> {
  const { path, contexts, chosen } = contextsOf(flags, env);
  const entries = Object.entries(contexts).map(([name, { controller, aggregator, ...tls }]) => {
    const isTls = Object.values(tls).some(Boolean);
    const isChosen = name === chosen;
    return {
      plain: { name, current: isChosen, controller, aggregator, ...tls },
      row: [isChosen ? '*' : '', name, controller ?? '', aggregator ?? '', isTls ? 'yes' : ''],
    };
  });
  const empty = `there is no context in ${path ?? 'ROLLCALL_CONFIG'}`;
  print.list(['CURRENT', 'NAME', 'CONTROLLER', 'AGGREGATOR', 'TLS'], entries, empty);
  return EXIT.DONE;
}

/** Makes one the current context. Asks no service. */
export async function useContext({ note, env }: CommandContext, name: string): Promise<ExitCode> {
  chooseContext(contextsOf({}, env), name);
  note(`commands go to ${name}`);
  const named = env['ROLLCALL_CONTEXT'];
  if (named && named !== name) note(`but here ROLLCALL_CONTEXT says ${named}, and wins`);
  return EXIT.DONE;
}

// What an operator does when the control plane stands still. What cannot be taken back wants --yes, and
// says without it what it would do.

import type { ControlPlane, RebaseGenerationsResponse } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import { CONTROL_PLANE_HEADER, controlPlaneEntry } from '../output/control-plane-words.ts';
import type { Entry } from '../output/printer.ts';
import { usage } from '../refs.ts';

/** A call of the rebase lifts for 10 s and then answers. */
const REBASE_TIMEOUT_MS = 30_000;
/** Calls of one rebase without any row lifted: something stands in its way. */
const IDLE_CALLS_MAX = 3;

/** Shows whether the controllers keep etcd equal to MySQL, and why they stand still. */
export async function controlPlane(context: CommandContext): Promise<ExitCode> {
  const plane = await readPlane(context);
  context.print.list(CONTROL_PLANE_HEADER, [controlPlaneEntry(plane)], '');
  return EXIT.DONE;
}

/** Lets agents go on with removals that they hold. */
export async function resumeRemovals(
  { services, print, signal }: CommandContext,
  envs: readonly string[],
  { yes }: { yes?: boolean },
): Promise<ExitCode> {
  if (!yes) {
    const agents = `the agents of ${envs.join(', ')}`;
    throw usage(`${agents} would remove every config that etcd does not have; --yes does it`);
  }
  const entries: Entry[] = [];
  for (const env of envs) {
    const { epoch, changed } = await services
      .controller()
      .ask((client) => client.call('ResumeRemovals', { env }, { signal }));
    const result = changed ? 'resumed' : 'was resumed already';
    entries.push({ plain: { env, epoch, changed }, row: [env, `${epoch}`, result] });
  }
  print.list(['ENV', 'EPOCH', 'RESULT'], entries, '');
  return EXIT.DONE;
}

/** Accepts that MySQL lost rows. */
export async function confirmRowLoss(
  context: CommandContext,
  { liveRows, yes }: { liveRows?: number; yes?: boolean },
): Promise<ExitCode> {
  if (liveRows === undefined || !yes) {
    throw usage(await offerOf(context));
  }
  const { services, print, signal } = context;
  const { changed } = await services
    .controller()
    .ask((client) => client.call('ConfirmRowLoss', { liveRows }, { signal }));
  const result = changed ? 'confirmed' : 'was confirmed already';
  const plain = { liveRows, changed };
  print.list(['LIVE ROWS', 'RESULT'], [{ plain, row: [`${liveRows}`, result] }], '');
  return EXIT.DONE;
}

/** Lifts all generations above everything that was ever seen. */
export async function rebaseGenerations(
  context: CommandContext,
  { base: wanted = 0, yes }: { base?: number; yes?: boolean },
): Promise<ExitCode> {
  // The base is settled first, so that a repeated call never makes another one.
  const plan = await rebase(context, { base: wanted, validateOnly: true });
  const { base, remainingRows } = plan;
  if (!yes) {
    const seen = plan.seenGeneration > 0 ? `; the highest seen is ${plan.seenGeneration}` : '';
    throw usage(
      `${remainingRows} configs and deletes would be lifted above generation ${base}${seen}; ` +
        `--base ${base} --yes does it`,
    );
  }
  context.note(`lifting above generation ${base}`);
  const lifted = await liftAll(context, base, remainingRows);
  context.print.list(
    ['BASE', 'SEEN', 'LIFTED'],
    [
      {
        plain: { base, seenGeneration: plan.seenGeneration, liftedRows: lifted },
        row: [`${base}`, `${plan.seenGeneration || ''}`, `${lifted}`],
      },
    ],
    '',
  );
  return EXIT.DONE;
}

async function liftAll(context: CommandContext, base: number, total: number): Promise<number> {
  let lifted = 0;
  for (let idle = 0; idle < IDLE_CALLS_MAX; ) {
    const { liftedRows, remainingRows } = await rebase(context, { base, validateOnly: false });
    lifted += liftedRows;
    if (remainingRows === 0) {
      context.progress.clear();
      return lifted;
    }
    context.progress.show(`${lifted}/${total} lifted`);
    idle = liftedRows > 0 ? 0 : idle + 1;
  }
  throw new CliError(`rows stay at or below generation ${base}: call again`);
}

async function rebase(
  { services, signal }: CommandContext,
  request: { base: number; validateOnly: boolean },
): Promise<RebaseGenerationsResponse> {
  const options = { signal, timeoutMs: REBASE_TIMEOUT_MS };
  return await services
    .controller()
    .ask((client) => client.call('RebaseGenerations', request, options));
}

/** What there is to confirm, and how. */
async function offerOf(context: CommandContext): Promise<string> {
  const { reason, mysql } = await readPlane(context);
  if (!mysql?.stop) throw new CliError('there is no safety stop to confirm');
  return `${reason}: --live-rows ${mysql.liveRows} --yes`;
}

async function readPlane({ services, signal }: CommandContext): Promise<ControlPlane> {
  const { controlPlane: plane } = await services
    .controller()
    .ask((client) => client.call('GetControlPlane', {}, { signal }));
  if (!plane) throw new CliError('the controller told nothing');
  return plane;
}

import { RpcError } from '#libs/grpc';
import type { Blocker, Completion, IngressConfig } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import { receiptText } from '../output/receipt-words.ts';
import { timeText } from '../output/values.ts';
import { blockerText, countsText, plainCompletion, plainConfig, stateOf } from '../output/words.ts';
import { parseRef, type Ref } from '../refs.ts';

/** Says where one config stands, why, and what can be done about it. */
export async function explain(
  context: CommandContext,
  name: string,
  options: { env?: string },
): Promise<ExitCode> {
  const { services, print, signal } = context;
  const ref = parseRef(name, options.env);
  const { completion } = await services
    .aggregator()
    .ask((client) => client.call('GetCompletion', ref, { signal }));
  if (!completion) throw new CliError('the answer is empty');
  const config = await acceptedConfig(context, ref);
  if (print.format !== 'table') {
    print.document({
      completion: plainCompletion(completion),
      config: config ? plainConfig(config) : null,
      advice: adviceOn(completion),
    });
    return EXIT.DONE;
  }
  print.lines(explanation(completion, config));
  return EXIT.DONE;
}

/** Undefined: the controllers do not know it, or cannot be asked. */
async function acceptedConfig(
  { services, signal }: CommandContext,
  ref: Ref,
): Promise<IngressConfig | undefined> {
  const request = { ...ref, view: 'CONFIG_VIEW_BASIC' as const, showDeleted: true };
  try {
    const { config } = await services
      .controller()
      .ask((client) => client.call('GetIngressConfig', request, { signal }));
    return config ?? undefined;
  } catch (error) {
    if (error instanceof RpcError || error instanceof CliError) return undefined;
    throw error;
  }
}

/** The whole answer, as lines. */
export function explanation(completion: Completion, config: IngressConfig | undefined): string[] {
  const { env, id, generation, counts, receipt, asOfRevision, epoch } = completion;
  const accepted = config
    ? [`accepted ${timeText(config.acceptTime)} by ${config.actor}${noteText(config)}`]
    : [];
  return [
    `${env}/${id}  generation ${generation}  ${stateOf(completion)}`,
    `  ${MEANINGS[stateOf(completion)] ?? ''}`,
    ...accepted.map((line) => `  ${line}`),
    `  agents: ${countsText(counts)}`,
    ...completion.blockers.map((blocker) => `    ${blockerText(blocker)}`),
    ...moreText(completion),
    ...(receipt ? [`  receipt: ${receiptText(receipt)}`] : []),
    `  as of revision ${asOfRevision}, epoch ${epoch}${mysqlText(completion)}`,
    ...adviceOn(completion).map((line) => `  -> ${line}`),
  ];
}

const MEANINGS: Readonly<Record<string, string>> = {
  UNKNOWN: 'it cannot be known now',
  PENDING: 'it is durable, and not in etcd yet: it arrives by itself',
  NO_AGENTS: 'too few agents belong to the environment',
  STALLED: 'every agent of the environment is lost',
  FAILED: 'an agent gave up on it',
  PROGRESSING: 'agents are at work',
  COMPLETE: 'every agent has it in force',
  COMPLETE_WITH_EXCEPTIONS: 'every live agent has it in force; others cannot be asked',
  DELETING: 'agents are removing it',
  DELETED: 'no agent has it in force',
  DELETED_WITH_EXCEPTIONS: 'no live agent has it in force; others may still serve it',
};

/** What to do about each kind of blocker, once each. */
export function adviceOn(completion: Completion): string[] {
  const { env, blockers, unknownReason } = completion;
  const advice = new Set<string>();
  if (unknownReason !== '') advice.add(unknownReason);
  if (stateOf(completion) === 'NO_AGENTS') {
    advice.add(`start agents in environment ${env}; the number it needs: rollcall envs`);
  }
  for (const blocker of blockers) {
    const text = adviceFor(env, blocker);
    if (text !== undefined) advice.add(text);
  }
  return [...advice];
}

function adviceFor(env: string, { agent, reason }: Blocker): string | undefined {
  switch (reason) {
    case 'LOST':
      return `start ${agent} again; if it is gone for good: rollcall decommission ${env}/${agent}`;
    case 'FORGOTTEN':
      return `if ${agent} serves nothing any more: rollcall decommission ${env}/${agent}`;
    case 'REJECTED':
    case 'ROLLED_BACK':
    case 'FAILED':
      return 'mend what the agent says, and apply the config anew';
    case 'UNPROVEN':
      return 'the policy asks for a proof that the agent’s driver cannot give';
    case 'NOT_SYNCED':
      return `look into the log of ${agent}: it has not listed and reported everything yet`;
    default:
      return undefined;
  }
}

function moreText({ blockers, blockersTotal }: Completion): string[] {
  const more = blockersTotal - blockers.length;
  return more > 0 ? [`    and ${more} more`] : [];
}

function noteText({ note }: IngressConfig): string {
  return note === '' ? '' : `: ${note}`;
}

function mysqlText({ acceptedKnown }: Completion): string {
  return acceptedKnown ? '' : ', without MySQL: a newer generation may be accepted';
}

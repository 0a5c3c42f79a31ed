import { type GrpcClient, RpcError } from '#libs/grpc';
import { isAbortError, sleep } from '#libs/lifecycle';
import type { AgentDefinition, AgentInfo } from '#proto';
import type { CommandContext } from '../command-context.ts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts';
import {
  APPLIED_HEADER,
  ATTEMPT_HEADER,
  agentText,
  appliedEntry,
  attemptEntry,
  eventLine,
  plainAgent,
  plainApplied,
  plainEvent,
} from '../output/agent-words.ts';
import { everyPage } from '../pages.ts';
import { parseRef, type Ref, usage } from '../refs.ts';

/** Between two calls while the agent does not answer. */
const RETRY_MS = 500;

export interface AgentOptions {
  env?: string;
  /** host:port, when the registered one does not lead there from here. */
  address?: string;
  config?: string;
  watch?: boolean;
}

/** Shows what one agent knows, asked at the agent itself: all of it, one config, or as it happens. */
export async function agent(
  context: CommandContext,
  name: string,
  options: AgentOptions,
): Promise<ExitCode> {
  const ref = parseRef(name, options.env);
  if (options.watch) return await watch(context, ref, options);
  const client = context.services.agent(await addressOf(context, ref, options));
  return await explained(ref, async () => {
    if (options.config === undefined) await showAll(context, client);
    else await showOne(context, client, options.config);
    return EXIT.DONE;
  });
}

async function showAll(
  { print, signal }: CommandContext,
  client: GrpcClient<AgentDefinition>,
): Promise<void> {
  const found = await client.call('GetAgent', {}, { signal });
  const configs = await everyPage(async (pageToken) => {
    const request = { pageSize: 1000, pageToken };
    const page = await client.call('ListAppliedConfigs', request, { signal });
    return { items: page.configs, next: page.nextPageToken };
  });
  if (print.format !== 'table') {
    print.document({ agent: plainAgent(found), configs: configs.map(plainApplied) });
    return;
  }
  print.lines([agentText(found)]);
  print.list(APPLIED_HEADER, configs.map(appliedEntry), 'it knows of no config');
}

async function showOne(
  { print, signal }: CommandContext,
  client: GrpcClient<AgentDefinition>,
  id: string,
): Promise<void> {
  const found = await client.call('GetAppliedConfig', { id }, { signal });
  const { config, attempts, method, desiredGeneration } = found;
  if (!config) throw new CliError(`the agent said nothing of ${id}`);
  const entries = attempts.map(attemptEntry);
  if (print.format !== 'table') {
    const tries = entries.map(({ plain }) => plain);
    print.document({ ...plainApplied(config), method, desiredGeneration, attempts: tries });
    return;
  }
  const { phase, applied, proof } = plainApplied(config);
  const inForce = applied ? `generation ${applied.generation} in force` : 'nothing in force';
  const proven = proof === '' ? '' : `, ${proof} by ${method}`;
  const wanted = desiredGeneration === 0 ? 'none' : `generation ${desiredGeneration}`;
  print.lines([`${id}  ${phase}: ${inForce}${proven}; etcd asks for ${wanted}`]);
  print.list(ATTEMPT_HEADER, entries, 'it was not tried since the agent started');
}

/** Until Ctrl-C; an agent that stops is waited for, and what it did meanwhile is not told. */
async function watch(context: CommandContext, ref: Ref, options: AgentOptions): Promise<ExitCode> {
  const { services, print, note, signal } = context;
  if (print.format === 'yaml') throw usage('--watch prints lines, or one JSON object a line');
  const request = { id: options.config ?? '' };
  let address = await addressOf(context, ref, options);
  let isBroken = false;
  while (!signal.aborted) {
    try {
      for await (const event of services
        .agent(address)
        .stream('WatchEvents', request, { signal })) {
        if (event.dropped > 0) note(`${event.dropped} events were lost: this reads too slowly`);
        if (event.type === 'TYPE_BEGIN') {
          isBroken = false;
          continue;
        }
        const line =
          print.format === 'table' ? eventLine(event) : JSON.stringify(plainEvent(event));
        print.lines([line]);
      }
    } catch (error) {
      if (signal.aborted || isAbortError(error)) break;
      if (!isPassing(error)) throw error;
      // Said once, however long the agent is away.
      if (!isBroken) note(`the stream broke (${error.codeName}): until it is back nothing is told`);
      isBroken = true;
    }
    await sleep(RETRY_MS, signal).catch(() => undefined);
    // It may have come back somewhere else; until then it is looked for where it was.
    address = await addressOf(context, ref, options).catch(() => address);
  }
  return EXIT.INTERRUPTED;
}

/** The stream has had its hour, we read too slowly, or the agent is away. */
function isPassing(error: unknown): error is RpcError {
  if (!(error instanceof RpcError)) return false;
  const { codeName, reason } = error;
  return codeName === 'DEADLINE_EXCEEDED' || codeName === 'UNAVAILABLE' || reason === 'SLOW_READER';
}

/** Where the agent is: as it was said, else as it is registered. */
async function addressOf(
  { services, signal }: CommandContext,
  { env, id: name }: Ref,
  { address }: AgentOptions,
): Promise<string> {
  if (address !== undefined) return address;
  const agents = await everyPage(async (pageToken) => {
    const answer = await services
      .controller()
      .ask((client) => client.call('ListAgents', { env, pageSize: 1000, pageToken }, { signal }));
    return { items: answer.agents, next: answer.nextPageToken };
  });
  const found = agents.find((each) => each.name === name);
  if (!found) throw new CliError(`there is no agent ${env}/${name}`);
  if (found.state !== 'AGENT_STATE_LIVE') {
    const details = ['rollcall events --agent tells what was seen of it'];
    throw new CliError(`agent ${env}/${name} is lost: nobody answers for it`, { details });
  }
  return registeredAddress(found);
}

function registeredAddress({ env, name, ip, grpcPort }: AgentInfo): string {
  if (grpcPort === 0 || ['', '0.0.0.0', '::'].includes(ip)) {
    const details = ['give --address HOST:PORT, and start the agent with --advertise'];
    throw new CliError(`agent ${env}/${name} registered no address to connect to`, { details });
  }
  return ip.includes(':') ? `[${ip}]:${grpcPort}` : `${ip}:${grpcPort}`;
}

async function explained(ref: Ref, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError) || error.codeName !== 'UNAVAILABLE') throw error;
    const details = ['--address HOST:PORT names another way to it'];
    throw new CliError(`agent ${ref.env}/${ref.id}: ${error.said} (UNAVAILABLE)`, { details });
  }
}

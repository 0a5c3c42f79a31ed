import { type ClientOptions, type GrpcClient, openClient, RpcError } from '#libs/grpc';
import { sleep } from '#libs/lifecycle';
import type { AgentDefinition, ControllerDefinition, StatusAggregatorDefinition } from '#proto';
import { addressesOf, type EndpointFlags, tlsOf, type Variables } from './config.ts';
import { CliError, kindOf } from './exit-codes.ts';

/** Tries of one call; each goes to the next server. */
const ATTEMPTS_MAX = 5;
const RETRY_MS = 200;

/** A kind of service with all its servers. */
export interface Pool<D> {
  /**
   * Runs calls that are safe to repeat, on another server while one says UNAVAILABLE: a bounded
   * number of times, or until `untilMs` of the monotonic clock.
   */
  ask<T>(calls: (client: GrpcClient<D>) => Promise<T>, untilMs?: number): Promise<T>;
}

/** The services, connected to when they are first asked. Disposal closes the connections. */
export interface Services extends AsyncDisposable {
  controller(): Pool<ControllerDefinition>;
  aggregator(): Pool<StatusAggregatorDefinition>;
  /** The agent at `address` (host:port). */
  agent(address: string): GrpcClient<AgentDefinition>;
}

export interface ServicesOptions {
  /** Asked once, when a service is first needed. */
  flags: () => EndpointFlags;
  env: Variables;
  cwd: string;
  signal: AbortSignal;
}

/** Opens nothing by itself: a command that needs no aggregator needs no address of one. */
export function createServices({ flags: flagsOf, env, cwd, signal }: ServicesOptions): Services {
  const stack = new AsyncDisposableStack();
  let known: { flags: EndpointFlags; tls: ClientOptions['tls'] } | undefined;
  const settings = () => {
    if (known) return known;
    const flags = flagsOf();
    known = { flags, tls: tlsOf(flags, env) };
    return known;
  };
  const open = <S extends 'Controller' | 'StatusAggregator'>(
    service: S,
    kind: 'controller' | 'aggregator',
  ) => {
    const { flags, tls } = settings();
    const addresses = addressesOf(kind, flags, { env, cwd });
    const clients = addresses.map((address) =>
      stack.use(openClient(service, address, tls ? { tls } : {})),
    );
    return createPool({ kind, addresses, clients, signal });
  };
  const agents = new Map<string, GrpcClient<AgentDefinition>>();
  const openAgent = (address: string) => {
    const { tls } = settings();
    const client = stack.use(openClient('Agent', address, tls ? { tls } : {}));
    agents.set(address, client);
    return client;
  };
  let controller: Pool<ControllerDefinition> | undefined;
  let aggregator: Pool<StatusAggregatorDefinition> | undefined;
  return {
    controller: () => (controller ??= open('Controller', 'controller')),
    aggregator: () => (aggregator ??= open('StatusAggregator', 'aggregator')),
    agent: (address) => agents.get(address) ?? openAgent(address),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

interface PoolDeps<D> {
  kind: string;
  addresses: readonly string[];
  clients: readonly GrpcClient<D>[];
  signal: AbortSignal;
}

function createPool<D>({ kind, addresses, clients, signal }: PoolDeps<D>): Pool<D> {
  let next = 0;
  return {
    ask: async (calls, untilMs) => {
      for (let attempt = 1; ; attempt += 1) {
        const client = clients[next % clients.length];
        if (!client) throw new CliError(`there is no ${kind}`);
        try {
          return await calls(client);
        } catch (error) {
          if (!(error instanceof RpcError) || error.codeName !== 'UNAVAILABLE') throw error;
          const pauseMs = Math.min(RETRY_MS * attempt, RETRY_MS * ATTEMPTS_MAX);
          // A try without time left would end by its deadline, and hide that nobody is there.
          const isOver =
            untilMs === undefined
              ? attempt === ATTEMPTS_MAX
              : performance.now() + pauseMs >= untilMs;
          if (isOver) throw unavailable(kind, addresses, error);
          next += 1;
          await sleep(pauseMs, signal);
        }
      }
    },
  };
}

function unavailable(kind: string, addresses: readonly string[], error: RpcError): CliError {
  // A server that answers says what is wrong; no answer leaves the address to be looked at.
  const details =
    error.reason === undefined
      ? [`tried ${addresses.join(', ')}; --${kind} HOST:PORT names another`]
      : [];
  return new CliError(`${kind}: ${error.said} (${kindOf(error)})`, { details });
}

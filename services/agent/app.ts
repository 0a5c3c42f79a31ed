import { randomUUID } from 'node:crypto';
import { ExitError } from '#libs/config';
import { type EtcdClient, EtcdError, ListWatch, openEtcd, openLease } from '#libs/etcd';
import { makeDir } from '#libs/files';
import { bindAgent, type GrpcServer, openServer, type StatusError, unavailable } from '#libs/grpc';
import type { AgentRegistration } from '#libs/keyspace';
import { runAll, systemClock } from '#libs/lifecycle';
import { createLogger, gauge, type Logger, openTelemetry } from '#libs/telemetry';
import { openTlsSet, type TlsSet } from '#libs/tls';
import { createAgentService } from './api/agent-service.ts';
import type { AgentConfig } from './config.ts';
import { envUuid } from './domain/env-uuid.ts';
import type { Driver } from './drivers/driver.ts';
import { openDriver } from './drivers/open-driver.ts';
import { recover } from './engine/drift.ts';
import { Engine } from './engine/engine.ts';
import { Arrivals } from './events/arrivals.ts';
import { EventFeeds } from './events/event-feeds.ts';
import { ForeignJournalError, type Journal, openJournal } from './journal/journal.ts';
import { openStateLock, StateDirBusyError } from './journal/state-lock.ts';
import { DUPLICATE_EXIT_CODE, Membership } from './membership/membership.ts';
import { Registrar } from './membership/registrar.ts';
import { Outbox } from './status/outbox.ts';
import { EnvironmentView, watchedRanges } from './watch/environment-view.ts';
import { EpochRelist } from './watch/epoch-relist.ts';

const clock = systemClock;
const random = Math.random;

/** A running agent. Disposal closes what it opened, in reverse order. */
export interface App extends AsyncDisposable {
  /** host:port of its gRPC server. */
  readonly address: string;
  run(signal: AbortSignal): Promise<void>;
}

interface Resources {
  log: Logger;
  journal: Journal;
  driver: Driver;
  etcd: EtcdClient;
  tls: TlsSet<'server' | 'etcd'>;
  identity: ReturnType<typeof identityOf>;
}

/**
 * Opens an agent and serves its last-known-good; etcd need not be there. Throws ExitError when another
 * process has its state directory. The client that `openClient` opens belongs to the agent.
 */
export async function openApp(
  config: AgentConfig,
  signal: AbortSignal,
  openClient: typeof openEtcd = openEtcd,
): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const resources = await openResources(config, openClient, stack);
  const { journal, driver, tls, log } = resources;
  await recover({ driver, journal, clock, random }, signal);
  const parts = createParts(config, resources, () => server.address);
  const server: GrpcServer = await openServer({
    listen: config.listen,
    tls: tls.server,
    ...(config.healthListen && { healthListen: config.healthListen }),
    services: [bindAgent(createAgentService(parts))],
    mapError,
    graceMs: config.graceMs,
    log,
  });
  stack.use(server);
  parts.engine.repair();
  showGauges(parts);
  server.setReady(true);
  const open = stack.move();
  return {
    address: server.address,
    run: (stop) => runParts(parts, config, log, stop),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function openResources(
  config: AgentConfig,
  openClient: typeof openEtcd,
  stack: AsyncDisposableStack,
): Promise<Resources> {
  const { env, name, stateDir, version, logLevel, otlpEndpoint, metricsListen } = config;
  const log = createLogger({ service: 'agent', name, level: logLevel });
  await makeDir(stateDir);
  stack.use(await openStateLock(stateDir).catch(asExit));
  const journal = await openJournal({ dir: stateDir, env, agent: name, log }).catch(asExit);
  stack.use(journal);
  const telemetry = { service: 'agent', name, version, otlpEndpoint, metricsListen };
  stack.use(await openTelemetry(telemetry));
  const driver = await openDriver(config.driver, config.driverOptions, { env, stateDir });
  stack.use(driver);
  const paths = { server: config.tls, etcd: config.etcd.tls };
  const tls = stack.use(await openTlsSet(paths, { log }));
  const etcd = stack.use(openClient({ ...config.etcd, tls: tls.etcd }, { log }));
  return { log, journal, driver, etcd, tls, identity: identityOf(config) };
}

type Parts = ReturnType<typeof createParts>;

/** Builds the parts of the agent and ties them together; nothing runs yet. */
function createParts(config: AgentConfig, resources: Resources, listening: () => string) {
  const { log, journal, driver, etcd, identity } = resources;
  const { env, name } = config;
  const common = { env, name, instance: identity.instance, kv: etcd, journal, log, random };
  const registrar = new Registrar({
    ...common,
    registration: () => registrationOf(config, identity, listening()),
  });
  const events = new EventFeeds({ clock });
  const arrivals = new Arrivals(events.tell);
  const view: EnvironmentView = new EnvironmentView(env, name, {
    listed: () => {
      arrivals.listed(view.configs);
      engine.listed();
      outbox.wake();
    },
    present: (id) => {
      arrivals.came(id, view.configs.get(id));
      engine.present(id);
    },
    changed: (ids) => engine.changed(ids),
    metaChanged: () => {
      engine.metaChanged();
      epochRelist.metaChanged();
    },
    connected: (up) => {
      events.tell({ kind: up ? 'CONNECTED' : 'DISCONNECTED' });
      engine.interrupted();
      if (up) outbox.reconnected();
    },
    registrationSeen: () => outbox.wake(),
    registrationMissing: (revision) => membership.registrationMissing(revision),
  });
  const report = (id: string) => outbox.mark(id);
  const engine = new Engine({ ...common, view, driver, report, tell: events.tell, clock });
  const { leaseTtlSeconds: ttlSeconds, heartbeatMs } = config;
  const membership = new Membership({
    ...common,
    registrar,
    clock,
    openLease: (call) => openLease(etcd, { ttlSeconds, heartbeatMs, ...call, clock, log }),
    onSession: () => outbox.wake(),
  });
  const outbox = new Outbox({
    ...common,
    registrar,
    active: () => engine.active,
    session: () => membership.session,
    listed: () => view.listed,
    registered: () => view.registered,
  });
  const listWatch = environmentWatch(config, resources, view);
  const epochRelist = new EpochRelist({ view, listWatch, log, random });
  return {
    ...{ identity, view, journal, driver, engine, membership },
    ...{ outbox, listWatch, epochRelist, events },
  };
}

function environmentWatch(
  { env, name, relistIntervalMs }: AgentConfig,
  { etcd, log }: Resources,
  view: EnvironmentView,
): ListWatch {
  return new ListWatch({
    client: etcd,
    name: 'environment',
    ranges: watchedRanges(env, name),
    sink: view,
    ...{ relistIntervalMs, log, clock, random },
  });
}

async function runParts(
  parts: Parts,
  { graceMs }: AgentConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { engine, membership, outbox, listWatch, epochRelist } = parts;
  const onError = (part: string, error: unknown) => log.error({ err: error, part }, 'part failed');
  const runs = {
    engine: engine.run,
    membership: membership.run,
    outbox: outbox.run,
    watch: (stop: AbortSignal) => listWatch.run(stop),
    epochRelist: epochRelist.run,
  };
  await runAll(signal, runs, { graceMs, onError });
}

function identityOf({ env, name, version, driver }: AgentConfig) {
  const startedAt = new Date(clock.now()).toISOString();
  return { env, name, version, driver, instance: randomUUID(), startedAt };
}

function registrationOf(
  { advertise }: AgentConfig,
  identity: Resources['identity'],
  listening: string,
): AgentRegistration {
  const { env, name, instance, version, driver, startedAt } = identity;
  const address = advertise ?? listening;
  const at = address.lastIndexOf(':');
  return {
    name,
    env_uuid: envUuid(env),
    ip: address.slice(0, at).replaceAll(/[[\]]/g, ''),
    grpc_port: Number(address.slice(at + 1)),
    instance,
    version,
    driver,
    started_at: startedAt,
    synced: null,
  };
}

function showGauges({ engine, view, journal }: Parts): void {
  gauge('rollcall_agent_configs', 'configs in force', () => journal.state.configs.size);
  gauge('rollcall_agent_drifted', 'configs not in force as applied', () => driftedCount(journal));
  gauge('rollcall_agent_held_removals', 'removals that wait', () => engine.held().length);
  gauge('rollcall_agent_refused', 'generations refused', () => engine.refusedCount);
  gauge('rollcall_agent_foreign', 'keys that are no config', () => view.foreign.size);
}

function driftedCount({ state }: Journal): number {
  let count = 0;
  for (const { drift } of state.configs.values()) if (drift) count += 1;
  return count;
}

function mapError(error: unknown): StatusError | undefined {
  if (!(error instanceof EtcdError)) return undefined;
  return unavailable('ETCD_UNAVAILABLE', 'etcd does not answer');
}

/** Two agents on one state directory are a mistake of whoever starts them: a message and a code. */
function asExit(error: unknown): never {
  if (error instanceof StateDirBusyError) {
    const message = `duplicate agent name: ${error.message}`;
    throw new ExitError(DUPLICATE_EXIT_CODE, message, { cause: error });
  }
  if (error instanceof ForeignJournalError) throw new ExitError(1, error.message, { cause: error });
  throw error;
}

import { randomUUID } from 'node:crypto';
import { type EtcdClient, ListWatch, openEtcd } from '#libs/etcd';
import { bindStatusAggregator, openServer } from '#libs/grpc';
import { aggregatorKey, encodeServiceRegistration, ROOT } from '#libs/keyspace';
import { type Run, runAll, systemClock } from '#libs/lifecycle';
import { type Mysql, openMysql } from '#libs/mysql';
import { createLogger, gauge, type Logger, openTelemetry } from '#libs/telemetry';
import { openTlsSet } from '#libs/tls';
import { Answerer } from './answers/answerer.ts';
import { Listing } from './answers/listing.ts';
import { AgentStatusService } from './api/agent-status-service.ts';
import { CompletionService } from './api/completion-service.ts';
import { EnvironmentService } from './api/environment-service.ts';
import { EventService } from './api/event-service.ts';
import { ReceiptService } from './api/receipt-service.ts';
import { mapError } from './api/status-errors.ts';
import { WatchService } from './api/watch-service.ts';
import type { AggregatorConfig } from './config.ts';
import type { View } from './domain/view.ts';
import { EventRecorder, type EventRecorderDeps } from './events/event-recorder.ts';
import { Freshness } from './probe/freshness.ts';
import { LostHistory } from './probe/lost-history.ts';
import { Registration } from './probe/registration.ts';
import { ReceiptStore } from './receipts/receipt-store.ts';
import { ReceiptWriter } from './receipts/receipt-writer.ts';
import { AcceptedReader } from './store/accepted-reader.ts';
import { AcceptedStore } from './store/accepted-store.ts';
import { Breaker } from './store/breaker.ts';
import { AcceptedPoll } from './streams/accepted-poll.ts';
import { ChangeLog } from './streams/change-log.ts';
import { WaitRegistry } from './waits/wait-registry.ts';
import { ViewHolder, type ViewListener } from './watch/view-holder.ts';

const clock = systemClock;
/** A heartbeat that the watch has not shown by the next but one means a blind watch. */
const BEATS_UNSEEN_MAX = 2;

/** An aggregator that listens. Disposal drains it and closes what it opened, in reverse order. */
export interface App extends AsyncDisposable {
  /** host:port of its gRPC server. */
  readonly address: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface AppOptions {
  /** Told once the first list is taken in and the health service says SERVING. */
  onServing?: (address: string) => void;
}

/** Opens an aggregator. Neither etcd nor MySQL need to be there: until etcd is, all is UNKNOWN. */
export async function openApp(
  config: AggregatorConfig,
  { onServing }: AppOptions = {},
): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const { name, version, otlpEndpoint, metricsListen, listen, healthListen, graceMs } = config;
  const log = createLogger({ service: 'status-aggregator', name, level: config.logLevel });
  const exporters = { service: 'status-aggregator', name, version, otlpEndpoint, metricsListen };
  stack.use(await openTelemetry(exporters));
  const paths = { server: config.tls, etcd: config.etcd.tls, mysql: config.mysql.tls };
  const tls = stack.use(await openTlsSet(paths, { log }));
  const mysql = stack.use(openMysql({ ...config.mysql, tls: tls.mysql }, { log }));
  const client = stack.use(openEtcd({ ...config.etcd, tls: tls.etcd }, { log }));
  const parts = createParts(config, { mysql, client, log });
  const server = stack.use(
    await openServer({
      listen,
      tls: tls.server,
      healthListen,
      services: [bindStatusAggregator(createHandlers(parts))],
      mapError,
      graceMs,
      log,
    }),
  );
  parts.onListed = () => {
    server.setReady(true);
    onServing?.(server.address);
  };
  showGauges(parts);
  const runs = createRuns(config, { client, log, parts, address: server.address });
  const onError = (part: string, error: unknown) => log.error({ err: error, part }, 'part failed');
  const open = stack.move();
  return {
    address: server.address,
    run: (signal) => runAll(signal, runs, { graceMs, onError }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

interface Parts {
  readonly holder: ViewHolder;
  readonly freshness: Freshness;
  readonly lost: LostHistory;
  readonly registry: WaitRegistry;
  readonly answerer: Answerer;
  readonly listing: Listing;
  readonly receipts: ReceiptStore;
  readonly breaker: Breaker;
  readonly writer: ReceiptWriter;
  readonly events: EventRecorder;
  readonly changes: ChangeLog;
  readonly poll: AcceptedPoll;
  readonly streams: WatchService;
  /** Asked for when the watch has come up: only a beat proves it. */
  beatNow: () => void;
  /** Called at the first list. */
  onListed: () => void;
}

function createParts(
  config: AggregatorConfig,
  { mysql, log }: { mysql: Mysql; client: EtcdClient; log: Logger },
): Parts {
  const freshness = new Freshness({ limitMs: BEATS_UNSEEN_MAX * config.heartbeatMs });
  const lost = new LostHistory();
  const registry = new WaitRegistry();
  const store = new AcceptedStore({ mysql });
  const breaker = new Breaker({ clock, log });
  const reader = new AcceptedReader({ store, breaker });
  const changes = new ChangeLog();
  const isInDoubt = (view: View) => lost.isInDoubt(view);
  const events = createEvents({ reader, log, isInDoubt, view: () => holder.view });
  const holder: ViewHolder = new ViewHolder({
    ownKey: aggregatorKey(config.name),
    watcher: events.source,
    clock,
    listener: viewListener(() => parts),
  });
  const answerer = new Answerer({
    ...{ holder, freshness, lost, reader, members: store, breaker, clock },
    beatNow: () => parts.beatNow(),
  });
  const listing = new Listing({ answerer, reader, store, breaker });
  const receipts = new ReceiptStore({ mysql });
  const writer = new ReceiptWriter({
    ...{ name: config.name, store: receipts, reader, clock, log },
    view: () => holder.view,
    unknownReason: () => answerer.unknownReason(),
    onReceipt: (receipt) => events.onReceipt(receipt),
  });
  const acceptedKnown = () => poll.isKnown;
  const streams = new WatchService({ answerer, listing, changes, acceptedKnown, clock });
  const isWanted = () => streams.streams > 0;
  const poll: AcceptedPoll = new AcceptedPoll({ reader, changes, isWanted });
  const parts: Parts = {
    ...{ holder, freshness, lost, registry, answerer, listing, receipts, breaker, writer },
    ...{ events, changes, poll, streams },
    beatNow: () => undefined,
    onListed: () => undefined,
  };
  return parts;
}

/** `view`: the current one. */
function createEvents({
  view,
  ...deps
}: Pick<EventRecorderDeps, 'reader' | 'log' | 'isInDoubt'> & { view: () => View }): EventRecorder {
  return new EventRecorder({
    ...{ ...deps, now: () => clock.now() },
    traceparentOf: (env, id, generation) => {
      const config = view().env(env)?.entries.get(id)?.config;
      return config?.generation === generation ? config.traceparent : '';
    },
  });
}

/** What follows from what the view goes through. `of`: the parts, once there are any. */
function viewListener(of: () => Parts): ViewListener {
  return {
    listed: (list, before) => {
      const { epoch, pass } = of().holder.view;
      of().lost.listed({ ...list, epoch, pass }, before);
      of().freshness.listed(list.revision);
      of().onListed();
      of().onListed = () => undefined;
      of().registry.changedAll();
      of().writer.changedAll();
      of().changes.listed(of().holder.view, before);
    },
    changed: (change) => {
      of().changes.changed(change);
      of().registry.changed(change);
      of().writer.changed(change);
      of().registry.reached(Number(of().holder.view.revision));
    },
    shown: (revision) => {
      learn(of(), () => {
        of().lost.look(of().holder.view);
        of().freshness.shown(revision, clock.monotonicMs());
      });
    },
    rewound: () => of().lost.noticed(of().holder.view),
    connected: (up) => {
      of().freshness.connected(up, clock.monotonicMs());
      if (up) of().beatNow();
    },
    ownKeySeen: (revision) => {
      learn(of(), () => of().freshness.seen(revision, clock.monotonicMs()));
    },
  };
}

/** Waits that could not be answered are looked at again once the view is trusted. */
function learn({ answerer, registry, writer }: Parts, what: () => void): void {
  const wasUnknown = answerer.unknownReason() !== undefined;
  what();
  if (!wasUnknown || answerer.unknownReason() !== undefined) return;
  registry.changedAll();
  writer.changedAll();
}

function createHandlers(parts: Parts) {
  const completions = new CompletionService(parts);
  const environments = new EnvironmentService(parts);
  const agentStatuses = new AgentStatusService(parts);
  const receipts = new ReceiptService({ store: parts.receipts });
  const events = new EventService({ history: parts.events.history });
  return {
    GetCompletion: completions.get.bind(completions),
    QueryCompletions: completions.query.bind(completions),
    ListCompletions: completions.list.bind(completions),
    WaitForCompletion: completions.wait.bind(completions),
    WatchCompletions: parts.streams.watch.bind(parts.streams),
    ListAgentStatuses: agentStatuses.list.bind(agentStatuses),
    GetReceipt: receipts.get.bind(receipts),
    ListReceipts: receipts.list.bind(receipts),
    ListEvents: events.list.bind(events),
    GetEnvironment: environments.get.bind(environments),
    ListEnvironments: environments.list.bind(environments),
  };
}

interface RunDeps {
  client: EtcdClient;
  log: Logger;
  parts: Parts;
  address: string;
}

function createRuns(
  config: AggregatorConfig,
  { client, log, parts, address }: RunDeps,
): Record<string, Run> {
  const { name, leaseTtl, heartbeatMs, relistIntervalMs } = config;
  const watch = new ListWatch({
    ...{ client, name: 'view', ranges: [ROOT], sink: parts.holder },
    ...{ relistIntervalMs, log, clock },
  });
  const value = registrationOf(config, address);
  const registration = new Registration({
    ...{ client, key: aggregatorKey(name), value: () => value },
    ...{ ttlSeconds: leaseTtl, heartbeatMs, clock, log },
    onBeat: (beat) => {
      parts.lost.answered(beat.revision);
      learn(parts, () => parts.freshness.answered(beat));
    },
    onRead: (beat) => learn(parts, () => parts.freshness.read(beat, clock.monotonicMs())),
  });
  parts.beatNow = () => registration.beatNow();
  return {
    watch: (signal) => watch.run(signal),
    registration: registration.run,
    receipts: parts.writer.run,
    poll: parts.poll.run,
    events: parts.events.check.run,
  };
}

function registrationOf(config: AggregatorConfig, listening: string): string {
  const address = config.advertise ?? listening;
  const at = address.lastIndexOf(':');
  return encodeServiceRegistration({
    name: config.name,
    ip: address.slice(0, at).replaceAll(/[[\]]/g, ''),
    grpc_port: Number(address.slice(at + 1)),
    instance: randomUUID(),
    version: config.version,
    started_at: new Date(clock.now()).toISOString(),
  });
}

function showGauges({ answerer, registry, freshness, writer }: Parts): void {
  gauge('rollcall_view_revision', 'revision of etcd that the view shows', () =>
    Number(answerer.view.revision),
  );
  gauge('rollcall_view_unknown', '1 while every state is UNKNOWN', () =>
    answerer.unknownReason() === undefined ? 0 : 1,
  );
  gauge('rollcall_view_lag_ms', 'how far the view was behind', () =>
    freshness.lagMs(clock.monotonicMs()),
  );
  gauge('rollcall_waits', 'waits under way', () => registry.size);
  gauge('rollcall_receipts_waiting', 'receipts not in MySQL yet', () => writer.waiting);
}

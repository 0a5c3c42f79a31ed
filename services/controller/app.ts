import { randomUUID } from 'node:crypto';
import { type EtcdClient, openEtcd } from '#libs/etcd';
import { bindController, type CallContext, type GrpcServer, openServer } from '#libs/grpc';
import type { ServiceRegistration } from '#libs/keyspace';
import { type Run, runAll } from '#libs/lifecycle';
import { type Mysql, openMysql } from '#libs/mysql';
import { createLogger, gauge, type Logger, openTelemetry } from '#libs/telemetry';
import { openTlsSet, type TlsSet } from '#libs/tls';
import type { UpdateEnvironmentRequest } from '#proto';
import { AgentQuestions } from './agents/agent-questions.ts';
import { BulkService } from './api/bulk-service.ts';
import { ChangeHead } from './api/change-head.ts';
import { HistoryService } from './api/history-service.ts';
import { MembershipService } from './api/membership-service.ts';
import { OperatorService } from './api/operator-service.ts';
import { ReadService } from './api/read-service.ts';
import { RebaseService } from './api/rebase-service.ts';
import { RosterService } from './api/roster-service.ts';
import { mapError } from './api/status-errors.ts';
import { WatchService } from './api/watch-service.ts';
import { WriteService } from './api/write-service.ts';
import type { ControllerConfig } from './config.ts';
import { createDataPath, type DataPath } from './data-path.ts';
import { createRegistration } from './membership/registration.ts';
import { runReadiness } from './reconcile/readiness.ts';
import { runRequestSweep } from './reconcile/request-sweep.ts';
import { ChangeStore } from './store/change-store.ts';
import { ConfigStore } from './store/config-store.ts';
import { EnvironmentStore } from './store/environment-store.ts';
import { EtcdStateStore } from './store/etcd-state-store.ts';
import { HistoryStore } from './store/history-store.ts';
import { MemberStore } from './store/member-store.ts';

/** A controller that listens. Disposal drains it and closes what it opened, in reverse order. */
export interface App extends AsyncDisposable {
  /** host:port of its gRPC server. */
  readonly address: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Opens a controller. Neither MySQL nor etcd need to be there; it is ready once MySQL is. */
export async function openApp(config: ControllerConfig): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const { name, version, otlpEndpoint, metricsListen } = config;
  const log = createLogger({ service: 'controller', name, level: config.logLevel });
  const exporters = { service: 'controller', name, version, otlpEndpoint, metricsListen };
  stack.use(await openTelemetry(exporters));
  const tls = stack.use(await openTlsSet(tlsPathsOf(config), { log }));
  const mysql = stack.use(openMysql({ ...config.mysql, tls: tls.mysql }, { log }));
  const client = stack.use(openEtcd({ ...config.etcd, tls: tls.etcd }, { log }));
  const stores = {
    configs: new ConfigStore({ mysql }),
    members: new MemberStore({ mysql }),
    epochs: new EtcdStateStore({ mysql }),
    changes: new ChangeStore({ mysql }),
  };
  const head = new ChangeHead({ changes: stores.changes, log });
  const dataPath = stack.use(
    createDataPath({ ...stores, client, log, forgetAfterMs: config.forgetAfterMs }),
  );
  const server = await openServer({
    listen: config.listen,
    tls: tls.server,
    healthListen: config.healthListen,
    services: [
      bindController(createHandlers({ ...stores, head, client, mysql, dataPath, tls, log })),
    ],
    mapError,
    graceMs: config.graceMs,
    log,
  });
  stack.use(server);
  gauge('rollcall_ready', '1 while the epoch in etcd is ready', () =>
    dataPath.view.isReady ? 1 : 0,
  );
  const registration = createRegistration({
    client,
    registration: registrationOf(config, server),
    ttlSeconds: config.leaseTtl,
    heartbeatMs: config.heartbeatMs,
    log,
  });
  const parts: Record<string, Run> = {
    ...dataPath.parts,
    registration,
    changeHead: (signal) => head.run(signal),
    readiness: (signal) =>
      runReadiness(signal, { mysql, log, setReady: (ready) => server.setReady(ready) }),
    requestSweep: (signal) => runRequestSweep(signal, { store: stores.configs, log }),
  };
  const onError = (part: string, error: unknown) => log.error({ err: error, part }, 'part failed');
  const open = stack.move();
  return {
    address: server.address,
    run: (signal) => runAll(signal, parts, { graceMs: config.graceMs, onError }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** What is read from files, by what it is for. */
function tlsPathsOf({ tls, agentTls, etcd, mysql }: ControllerConfig) {
  return { server: tls, agents: agentTls, etcd: etcd.tls, mysql: mysql.tls };
}

interface HandlerDeps {
  client: EtcdClient;
  mysql: Mysql;
  dataPath: DataPath;
  configs: ConfigStore;
  epochs: EtcdStateStore;
  members: MemberStore;
  changes: ChangeStore;
  head: ChangeHead;
  tls: Pick<TlsSet<'agents'>, 'agents'>;
  log: Logger;
}

function createHandlers(deps: HandlerDeps) {
  const { client, mysql, dataPath, configs, epochs, members, tls, log } = deps;
  const { publisher, view } = dataPath;
  const store = configs;
  const environments = new EnvironmentStore({ mysql });
  const membership = new MembershipService({ etcd: client, members, environments, log });
  const history = new HistoryStore({ mysql });
  const questions = new AgentQuestions({ view, tls: tls.agents, random: Math.random });
  const writes = new WriteService({ store, history, publisher, questions });
  const bulk = new BulkService({ writes });
  const watches = new WatchService({ store, changes: deps.changes, head: deps.head });
  const generations = new HistoryService({ history });
  const reads = new ReadService({ store, currentEpoch: () => publisher.currentEpoch() });
  const roster = new RosterService({ view, members, store });
  const trigger = () => dataPath.reconciler.trigger();
  const operations = { etcd: client, epochs, store, trigger, log };
  const operators = new OperatorService(operations);
  const rebases = new RebaseService(operations);
  return {
    SetIngressConfig: writes.set.bind(writes),
    BatchSetIngressConfigs: bulk.batch.bind(bulk),
    StreamSetIngressConfigs: bulk.stream.bind(bulk),
    DeleteIngressConfig: writes.delete.bind(writes),
    GetIngressConfig: reads.get.bind(reads),
    ListIngressConfigs: reads.list.bind(reads),
    WatchIngressConfigs: watches.watchConfigs.bind(watches),
    ListGenerations: generations.list.bind(generations),
    GetGeneration: generations.get.bind(generations),
    DiffGenerations: generations.diff.bind(generations),
    RollbackIngressConfig: writes.rollback.bind(writes),
    ListEnvironments: roster.listEnvironments.bind(roster),
    UpdateEnvironment: async (request: UpdateEnvironmentRequest, context: CallContext) => {
      const env = await membership.updateEnvironment(request, context);
      return { environment: await roster.environment(env) };
    },
    DecommissionAgent: membership.decommission.bind(membership),
    ListAgents: roster.listAgents.bind(roster),
    WatchAgents: roster.watchAgents.bind(roster),
    ListControllers: roster.listControllers.bind(roster),
    GetControlPlane: operators.getControlPlane.bind(operators),
    ResumeRemovals: operators.resumeRemovals.bind(operators),
    ConfirmRowLoss: operators.confirmRowLoss.bind(operators),
    RebaseGenerations: rebases.rebase.bind(rebases),
  };
}

function registrationOf(config: ControllerConfig, server: GrpcServer): ServiceRegistration {
  const address = config.advertise ?? server.address;
  const at = address.lastIndexOf(':');
  return {
    name: config.name,
    ip: address.slice(0, at).replaceAll(/[[\]]/g, ''),
    grpc_port: Number(address.slice(at + 1)),
    instance: randomUUID(),
    version: config.version,
    started_at: new Date().toISOString(),
  };
}

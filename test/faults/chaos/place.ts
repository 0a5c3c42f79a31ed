import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EtcdClient, openEtcd } from '#libs/etcd';
import { type Mysql, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { type AgentService, openSystem, type System } from '#test/system';
import { openTcpProxy, type TcpProxy } from '#test/tcp-proxy';

/** Two environments whose names begin alike. */
const AGENTS: Readonly<Record<string, readonly string[]>> = { '1': ['a', 'ab'], '10': ['a'] };
const CONTROLLERS = 2;

/** The system under chaos, with proxies on every way to etcd, and direct ways in for the bench. */
export interface Place extends AsyncDisposable {
  readonly system: System;
  readonly etcd: EtcdClient;
  readonly mysql: Mysql;
  readonly members: number;
  /** Proxies towards etcd, by the name of the process behind them. */
  readonly proxies: ReadonlyMap<string, readonly TcpProxy[]>;
  /** Agents that were up since the last rest. */
  readonly alive: Set<AgentService>;
  /** Agents that left by a clean exit since then: nobody counts them. */
  readonly left: Set<AgentService>;
  /** A folder for backups. */
  readonly dir: string;
}

/** Starts it all and waits until every agent is known to MySQL. */
export async function openPlace(members: number): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const proxies = new Map<string, TcpProxy[]>();
  // Processes that are started later have theirs, too.
  const opening = stack.use(new AsyncDisposableStack());
  const etcdFor = async (process: string, endpoints: readonly string[]) => {
    const known = proxies.get(process);
    const opened = known ?? (await Promise.all(endpoints.map((at) => openTcpProxy(at))));
    if (!known) for (const proxy of opened) opening.use(proxy);
    proxies.set(process, opened);
    return opened.map(({ address }) => address);
  };
  const system = stack.use(
    await openSystem({
      ...{ controllers: CONTROLLERS, agents: AGENTS, ownMysql: true },
      ...{ etcdMembers: members, etcdFor },
    }),
  );
  const etcd = stack.use(openEtcd({ endpoints: system.etcd.endpoints }, { log: silentLog }));
  const mysql = stack.use(openMysql({ url: system.mysqlUrl }, { log: silentLog }));
  await system.mirrored();
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-chaos-'));
  const open = stack.move();
  return {
    ...{ system, etcd, mysql, members, proxies, dir },
    alive: new Set(system.agents.values()),
    left: new Set(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** How the bench names an agent. */
export function agentName({ env, name }: AgentService): string {
  return `${env}/${name}`;
}

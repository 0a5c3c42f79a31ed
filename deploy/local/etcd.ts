import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, ensureBinaries } from './binaries.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './ports.ts';
import { untilReady } from './ready.ts';

/** Paths of PEM files. The certificate serves as server, peer and client of etcdctl. */
export interface EtcdTls {
  ca: string;
  cert: string;
  key: string;
  /** Whether clients must show a certificate of the same CA. */
  clientAuth: boolean;
}

export interface EtcdOptions {
  /** Folder for data and logs. */
  dir: string;
  /** 1 by default. */
  members?: number;
  tls?: EtcdTls;
  quotaBytes?: number;
}

/** A local etcd of one or more members. Disposal kills it; its data stays in `dir`. */
export interface EtcdServer extends AsyncDisposable {
  /** `host:port` of each member. */
  readonly endpoints: string[];
  /** Process ids by member. */
  readonly pids: number[];
  /** Sends SIGKILL, or what is given, to one member or all, and waits for their end. */
  kill(name?: NodeJS.Signals, member?: number): Promise<void>;
  /** Starts one member or all again, on the same data and ports, and waits until they serve. */
  restart(member?: number): Promise<void>;
  /** Removes all data. Only when every member is dead. */
  wipe(): Promise<void>;
  /** Sends a signal without waiting, such as SIGSTOP. */
  signal(name: NodeJS.Signals, member?: number): void;
  /** Runs etcdctl (API 3) against all members and answers what it prints. */
  etcdctl(...args: string[]): Promise<string>;
}

/** One look at the health endpoint; the caller looks again. */
const HEALTH_TIMEOUT_MS = 2_000;

/** Above etcdctl's own 5 s, so that its message is the one that shows. */
const ETCDCTL_TIMEOUT_MS = 15_000;

interface Member {
  name: string;
  clientPort: number;
  peerPort: number;
  dataDir: string;
  logFile: string;
  child?: Child;
}

/** Starts etcd on free loopback ports and waits until it has a leader. */
export async function startEtcd(options: EtcdOptions): Promise<EtcdServer> {
  const binaries = await ensureBinaries();
  const { dir, tls } = options;
  mkdirSync(dir, { recursive: true });
  const members: Member[] = [];
  for (let index = 0; index < (options.members ?? 1); index += 1) {
    members.push({
      name: `etcd${index}`,
      clientPort: await freePort(),
      peerPort: await freePort(),
      dataDir: join(dir, `data${index}`),
      logFile: join(dir, `etcd${index}.log`),
    });
  }
  const endpoints = members.map((member) => `127.0.0.1:${member.clientPort}`);
  const chosen = (index?: number) => members.filter((_, at) => index === undefined || at === index);
  const start = async (index?: number) => {
    for (const member of chosen(index))
      member.child = startMember(binaries, options, members, member);
    await Promise.all(chosen(index).map(async (member) => await untilHealthy(member, tls)));
  };
  const kill = async (name?: NodeJS.Signals, index?: number) => {
    await Promise.all(chosen(index).map(async (member) => await member.child?.kill(name)));
  };
  try {
    await start();
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    endpoints,
    get pids() {
      return members.map((member) => member.child?.pid ?? -1);
    },
    kill,
    restart: start,
    wipe: async () => {
      for (const member of members) {
        if (member.child?.hasExited() === false) throw new Error(`${member.name} still runs`);
        rmSync(member.dataDir, { recursive: true, force: true });
      }
    },
    signal: (name, index) => {
      for (const member of chosen(index)) member.child?.signal(name);
    },
    etcdctl: async (...args) => await runEtcdctl(binaries, endpoints, tls, args),
    [Symbol.asyncDispose]: async () => await kill(),
  };
}

function startMember(
  { etcd }: Binaries,
  { tls, quotaBytes }: EtcdOptions,
  members: readonly Member[],
  member: Member,
): Child {
  const scheme = tls === undefined ? 'http' : 'https';
  const clientUrl = `${scheme}://127.0.0.1:${member.clientPort}`;
  const peerUrl = (of: Member) => `${scheme}://127.0.0.1:${of.peerPort}`;
  const args = [
    `--name=${member.name}`,
    `--data-dir=${member.dataDir}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl(member)}`,
    `--initial-advertise-peer-urls=${peerUrl(member)}`,
    `--initial-cluster=${members.map((of) => `${of.name}=${peerUrl(of)}`).join(',')}`,
    '--initial-cluster-state=new',
    '--log-level=warn',
    '--logger=zap',
    '--log-outputs=stderr',
    ...(quotaBytes === undefined ? [] : [`--quota-backend-bytes=${quotaBytes}`]),
    ...(tls === undefined ? [] : tlsArgs(tls)),
  ];
  // etcd 3.4 runs on other processors only when told that we know.
  const arch = process.arch === 'x64' ? {} : { ETCD_UNSUPPORTED_ARCH: process.arch };
  const env = { ...withoutEtcdSettings(), ...etcd.env, ...arch };
  return startChild({ command: etcd.path, args, env, logFile: member.logFile });
}

function tlsArgs({ ca, cert, key, clientAuth }: EtcdTls): string[] {
  return [
    `--cert-file=${cert}`,
    `--key-file=${key}`,
    `--trusted-ca-file=${ca}`,
    ...(clientAuth ? ['--client-cert-auth'] : []),
    `--peer-cert-file=${cert}`,
    `--peer-key-file=${key}`,
    `--peer-trusted-ca-file=${ca}`,
    '--peer-client-cert-auth',
  ];
}

/** etcd and etcdctl read ETCD_* as settings, and refuse those that a flag repeats. */
function withoutEtcdSettings(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^ETCD(CTL)?_/.test(name));
  return Object.fromEntries(kept);
}

async function untilHealthy(member: Member, tls: EtcdTls | undefined): Promise<void> {
  const { child, name, logFile, clientPort } = member;
  if (child === undefined) throw new Error(`${name} was not started`);
  await untilReady(name, child, logFile, async () => {
    const body = await get(clientPort, '/health', tls);
    return body.includes('"true"') ? true : undefined;
  });
}

async function get(port: number, path: string, tls: EtcdTls | undefined): Promise<string> {
  const target = {
    host: '127.0.0.1',
    port,
    path,
    timeout: HEALTH_TIMEOUT_MS,
    agent: false,
  } as const;
  const secrets =
    tls === undefined
      ? undefined
      : { ca: readFileSync(tls.ca), cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  return await new Promise<string>((resolve, reject) => {
    const request =
      secrets === undefined ? plainRequest(target) : tlsRequest({ ...target, ...secrets });
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end();
  });
}

async function runEtcdctl(
  { etcdctl }: Binaries,
  endpoints: readonly string[],
  tls: EtcdTls | undefined,
  args: readonly string[],
): Promise<string> {
  const secrets =
    tls === undefined ? [] : [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`];
  const scheme = tls === undefined ? '' : 'https://';
  const servers = endpoints.map((endpoint) => scheme + endpoint).join(',');
  const { stdout } = await promisify(execFile)(
    etcdctl.path,
    [`--endpoints=${servers}`, ...secrets, ...args],
    {
      env: { ...withoutEtcdSettings(), ...etcdctl.env, ETCDCTL_API: '3' },
      timeout: ETCDCTL_TIMEOUT_MS,
    },
  );
  return stdout;
}

import { setTimeout as delay } from 'node:timers/promises';
import { prefixEnd } from '#libs/etcd';
import { CONFIG_PREFIX } from '#libs/keyspace';
import { type ControllerPlace, openControllerPlace } from '#test/controller-place';
import { isReady, readMeta } from '#test/data-path';
import { eventually } from '#test/eventually';
import { startBenchProgram } from '../bench-program.ts';
import { fillConfigs } from '../fill-configs.ts';
import type { RoundResult } from '../floors/program.ts';
import type { Goal, Measure } from '../measure.ts';

const ENV = 'bench';
const SIZES = [1_000, 10_000, 30_000, 100_000];
const QUICK_SIZES = [1_000, 10_000];
/** Each leaves all configs in etcd's history, which has a quota. */
const ROUNDS = 3;

/** An epoch younger than two seconds is left to who allocated it: losses do not come that close together. */
const CALM_MS = 3_000;

const REBUILD_TIMEOUT_MS = 300_000;
/** Each look is two reads of the etcd that is measured. */
const LOOK_EVERY_MS = 25;

/** G6: how long an etcd that lost everything stays without its configs. */
export const rebuild: Goal = {
  id: 'G6',
  title: 'rebuilding an empty etcd from MySQL, until it is READY',
  measures: ({ quick }) =>
    (quick ? QUICK_SIZES : SIZES).map((configs) => (stack) => openMeasure(stack, configs)),
};

async function openMeasure(stack: AsyncDisposableStack, configs: number): Promise<Measure> {
  const place = stack.use(await openControllerPlace({ controllers: 1, ownMysql: true }));
  await fill(place, configs);
  const [etcd = ''] = place.etcd.endpoints;
  const [etcdPid = -1] = place.etcd.pids;
  const [controller] = place.controllers;
  const servers = { mysql: place.mysql.pid, etcd: etcdPid };
  const floor = stack.use(await startBenchProgram('rows-to-etcd', [place.url, etcd]));
  return {
    title: `${configs} configs of 512 bytes`,
    unit: 'ms',
    inFlight: 1,
    rounds: ROUNDS,
    series: {
      ...{ id: 'rebuild', of: 'configs', size: configs, exponentMax: 1.1 },
      title: 'rebuilding an empty etcd from MySQL',
    },
    product: {
      what: 'one controller, from the loss until READY',
      program: { run: async () => await loseAndRebuild(place, configs) },
      pids: { controller: controller?.program.pid ?? -1, ...servers },
    },
    floor: {
      what: 'the rows read in pages, and put in full transactions, four at once',
      program: { run: async (round) => await floor.run({ ...round, operationsMax: 1 }) },
      pids: { floor: floor.pid, ...servers },
    },
    targets: [{ against: 'floor', bound: 'at most', ratio: 1.5 }],
  };
}

async function fill({ client, kv }: ControllerPlace, configs: number): Promise<void> {
  await fillConfigs(client, { env: ENV, configs });
  const isThere = async () => (await countConfigs(kv)) === configs;
  await eventually(isThere, { timeoutMs: REBUILD_TIMEOUT_MS, what: `${configs} configs in etcd` });
}

/** Takes everything from etcd in one revision, and measures until all of it is back. */
async function loseAndRebuild(
  { etcd, kv }: ControllerPlace,
  configs: number,
): Promise<RoundResult> {
  await delay(CALM_MS);
  const { epoch } = await readMeta(kv);
  await etcd.etcdctl('del', '--prefix', '/ingress/');
  const startMs = performance.now();
  const isRebuilt = async () => (await readMeta(kv)).epoch > epoch && (await isReady(kv));
  await eventually(isRebuilt, { timeoutMs: REBUILD_TIMEOUT_MS, everyMs: LOOK_EVERY_MS });
  const tookMs = performance.now() - startMs;
  const found = await countConfigs(kv);
  if (found !== configs) throw new Error(`READY with ${found} of ${configs} configs`);
  return { samples: [tookMs], seconds: tookMs / 1_000 };
}

async function countConfigs(kv: ControllerPlace['kv']): Promise<number> {
  const range = { key: CONFIG_PREFIX, rangeEnd: prefixEnd(CONFIG_PREFIX), countOnly: true };
  return (await kv.range(range)).count;
}

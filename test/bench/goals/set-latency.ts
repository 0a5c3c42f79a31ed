import { openSystem } from '#test/system';
import { startBenchProgram } from '../bench-program.ts';
import { fillConfigs } from '../fill-configs.ts';
import type { Goal, Measure } from '../measure.ts';

/** Configs that are there already. */
const SIZES = [1_000, 3_000, 10_000, 30_000];
const QUICK_SIZES = [1_000];
/** Of another environment than those that are set. */
const FILLED_ENV = 'filled';

/** G2: what a caller waits for one Set, when nothing else runs; it may not grow with the configs. */
export const setLatency: Goal = {
  id: 'G2',
  title: 'latency of one unary Set',
  measures: ({ quick }) =>
    (quick ? QUICK_SIZES : SIZES).map((configs) => (stack) => openMeasure(stack, configs)),
};

async function openMeasure(stack: AsyncDisposableStack, configs: number): Promise<Measure> {
  const system = stack.use(await openSystem({ ownMysql: true }));
  const [controller] = system.controllers;
  const [etcd = ''] = system.etcd.endpoints;
  const [etcdPid = -1] = system.etcd.pids;
  if (!controller) throw new Error('no controller was started');
  await fillConfigs(controller.client, { env: FILLED_ENV, configs });
  const servers = { mysql: system.mysql.pid, etcd: etcdPid };
  const caller = stack.use(
    await startBenchProgram('set-caller', [controller.program.address, 'bench']),
  );
  const floor = stack.use(await startBenchProgram('insert-then-put', [system.mysqlUrl, etcd]));
  return {
    title: `one unary Set of 512 bytes, published, beside ${configs} configs`,
    unit: 'ms',
    series: {
      ...{ id: 'set', of: 'configs', size: configs, exponentMax: 0.1 },
      title: 'one unary Set',
    },
    inFlight: 1,
    product: {
      what: 'caller, controller, MySQL, etcd',
      program: caller,
      pids: { caller: caller.pid, controller: controller.program.pid, ...servers },
    },
    floor: {
      what: 'one insert, then one put',
      program: floor,
      pids: { floor: floor.pid, ...servers },
    },
    targets: [{ against: 'floor', bound: 'at most', ratio: 1.3 }],
  };
}

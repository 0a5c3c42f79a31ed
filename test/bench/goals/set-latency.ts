import { openSystem } from '#test/system';
import { startBenchProgram } from '../bench-program.ts';
import type { Goal, Measure } from '../measure.ts';

/** G2: what a caller waits for one Set, when nothing else runs. */
export const setLatency: Goal = {
  id: 'G2',
  title: 'latency of one unary Set',
  measures: () => [openMeasure],
};

async function openMeasure(stack: AsyncDisposableStack): Promise<Measure> {
  const system = stack.use(await openSystem({ ownMysql: true }));
  const [controller] = system.controllers;
  const [etcd = ''] = system.etcd.endpoints;
  const [etcdPid = -1] = system.etcd.pids;
  if (!controller) throw new Error('no controller was started');
  const servers = { mysql: system.mysql.pid, etcd: etcdPid };
  const caller = stack.use(
    await startBenchProgram('set-caller', [controller.program.address, 'bench']),
  );
  const floor = stack.use(await startBenchProgram('insert-then-put', [system.mysqlUrl, etcd]));
  return {
    title: 'one unary Set of 512 bytes, published',
    unit: 'ms',
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

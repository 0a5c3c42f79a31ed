import { type ControllerPlace, openControllerPlace } from '#test/controller-place';
import { type BenchProgram, startBenchProgram } from '../bench-program.ts';
import type { Contender, Goal, Measure } from '../measure.ts';

const ENV = 'bench';

/** Sets at once on one stream. */
const STREAM_IN_FLIGHT = [64, 256];
const QUICK_STREAM_IN_FLIGHT = [64];

/** Unary calls at once, of one caller. */
const UNARY_IN_FLIGHT = 64;

/** G1: how many Sets a second are acknowledged, durable and published. */
export const setThroughput: Goal = {
  id: 'G1',
  title: 'Sets per second: acknowledged, durable and published',
  measures: ({ quick }) => [
    ...(quick ? QUICK_STREAM_IN_FLIGHT : STREAM_IN_FLIGHT).map(
      (inFlight) => (stack: AsyncDisposableStack) => openStreamMeasure(stack, inFlight),
    ),
    openUnaryMeasure,
  ],
};

/** What every measure here has: a controller, its servers, and how programs are started beside it. */
async function openPlace(stack: AsyncDisposableStack) {
  const place = stack.use(await openControllerPlace({ controllers: 1, ownMysql: true }));
  const [controller] = place.controllers;
  const [etcdPid = -1] = place.etcd.pids;
  if (!controller) throw new Error('no controller was started');
  return {
    controller: controller.program,
    servers: { mysql: place.mysql.pid, etcd: etcdPid },
    urls: urlsOf(place),
    start: async (name: string, args: readonly string[]) =>
      stack.use(await startBenchProgram(name, args)),
  };
}

function urlsOf({ url, etcd }: ControllerPlace): [mysql: string, etcd: string] {
  const [endpoint = ''] = etcd.endpoints;
  return [url, endpoint];
}

async function openStreamMeasure(stack: AsyncDisposableStack, inFlight: number): Promise<Measure> {
  const { controller, servers, urls, start } = await openPlace(stack);
  const caller = await start('set-caller', [controller.address, ENV, 'stream']);
  const floor = await start('grouped-sets', urls);
  const server = await start('set-server', ['grouped', ...urls]);
  const referenceCaller = await start('set-caller', [server.address, ENV, 'stream']);
  return {
    title: 'Sets of 512 bytes on one stream',
    unit: '/s',
    inFlight,
    product: {
      what: 'caller, controller, MySQL, etcd',
      program: caller,
      pids: { caller: caller.pid, controller: controller.pid, ...servers },
    },
    floor: {
      what: 'group commit, without a call',
      program: floor,
      pids: { floor: floor.pid, ...servers },
    },
    baseline: await oneByOne(start, urls, servers),
    reference: {
      what: 'the same group commit behind a gRPC stream',
      program: referenceCaller,
      pids: { caller: referenceCaller.pid, server: server.pid, ...servers },
    },
    targets: [
      { against: 'floor', bound: 'at least', ratio: 0.8 },
      { against: 'baseline', bound: 'at least', ratio: 4 },
    ],
  };
}

async function openUnaryMeasure(stack: AsyncDisposableStack): Promise<Measure> {
  const { controller, servers, urls, start } = await openPlace(stack);
  const caller = await start('set-caller', [controller.address, ENV]);
  const server = await start('set-server', ['bare']);
  const floorCaller = await start('set-caller', [server.address, ENV]);
  return {
    title: 'Sets of 512 bytes, a call each',
    unit: '/s',
    inFlight: UNARY_IN_FLIGHT,
    product: {
      what: 'caller, controller, MySQL, etcd',
      program: caller,
      pids: { caller: caller.pid, controller: controller.pid, ...servers },
    },
    floor: {
      what: 'a gRPC server that answers at once',
      program: floorCaller,
      pids: { caller: floorCaller.pid, floor: server.pid },
    },
    baseline: await oneByOne(start, urls, servers),
    targets: [{ against: 'floor', bound: 'at least', ratio: 0.8 }],
  };
}

async function oneByOne(
  start: (name: string, args: readonly string[]) => Promise<BenchProgram>,
  urls: readonly string[],
  servers: Readonly<Record<string, number>>,
): Promise<Contender> {
  const program = await start('insert-then-put', urls);
  return {
    what: 'one insert, then one put, for each Set',
    program,
    pids: { baseline: program.pid, ...servers },
  };
}

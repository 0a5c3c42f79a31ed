import { openAggregatorPlace } from '#test/aggregator-place';
import { startBenchProgram } from '../bench-program.ts';
import type { Goal, Measure } from '../measure.ts';

const ENV = 'bench';
const ID = 'config';
const SIZES = [10, 100, 1_000, 5_000];
const QUICK_SIZES = [10, 1_000];

/** Where the goal asks for a factor over the simplest algorithm. */
const COMPARED_SIZE = 5_000;

/** Unary calls at once, of one caller. */
const IN_FLIGHT = 32;
/** Questions on one stream at once. */
const STREAM_IN_FLIGHT = 128;

/** Agents that are written at once while a measure is set up. */
const JOINING_AT_ONCE = 50;

/** G4: how many questions one aggregator answers, whatever the number of agents. */
export const queries: Goal = {
  id: 'G4',
  title: 'completion queries per second, by the number of agents',
  measures: ({ quick }) =>
    (quick ? QUICK_SIZES : SIZES).flatMap((agents) => [
      (stack: AsyncDisposableStack) => openMeasure(stack, { agents, way: 'call' }),
      (stack: AsyncDisposableStack) => openMeasure(stack, { agents, way: 'stream' }),
    ]),
};

/** `way`: a call for each question, or all of them on one stream. */
async function openMeasure(
  stack: AsyncDisposableStack,
  { agents, way }: { agents: number; way: 'call' | 'stream' },
): Promise<Measure> {
  const place = stack.use(await openAggregatorPlace({ ownMysql: true }));
  const [endpoint = ''] = place.etcd.endpoints;
  const [etcdPid = -1] = place.etcd.pids;
  await place.set(ID, 1, {}, ENV);
  for (let done = 0; done < agents; done += JOINING_AT_ONCE) {
    const count = Math.min(JOINING_AT_ONCE, agents - done);
    const names = Array.from({ length: count }, (_, index) => `agent-${done + index + 1}`);
    await Promise.all(names.map(async (name) => await (await place.join(name, ENV)).report(ID, 1)));
  }
  await place.untilState(ID, 'COMPLETE', ENV);
  const start = async (name: string, args: readonly string[]) =>
    stack.use(await startBenchProgram(name, args));
  const caller = async (address: string) => await start('query-caller', [address, ENV, ID, way]);
  const view = await start('query-server', ['view']);
  const ranges = await start('query-server', ['ranges', endpoint]);
  const asking = {
    product: await caller(place.program.address),
    floor: await caller(view.address),
    baseline: await caller(ranges.address),
  };
  const servers = { mysql: place.mysqlServer.pid, etcd: etcdPid };
  const factor = { against: 'baseline', bound: 'at least', ratio: 100 } as const;
  return {
    title: `${way === 'call' ? 'GetCompletion' : 'QueryCompletions'} of a config on ${agents} agents`,
    unit: '/s',
    series: {
      ...{ id: `queries-${way}`, of: 'agents', size: agents, exponentMax: 0.1 },
      title: `${way === 'call' ? 'unary' : 'streamed'} completion queries per second`,
    },
    inFlight: way === 'call' ? IN_FLIGHT : STREAM_IN_FLIGHT,
    product: {
      what: 'the aggregator',
      program: asking.product,
      pids: { caller: asking.product.pid, aggregator: place.program.pid, ...servers },
    },
    floor: {
      what: 'a gRPC server with a map',
      program: asking.floor,
      pids: { caller: asking.floor.pid, floor: view.pid },
    },
    baseline: {
      what: 'a gRPC server that reads two ranges from etcd',
      program: asking.baseline,
      pids: { caller: asking.baseline.pid, baseline: ranges.pid, etcd: etcdPid },
    },
    targets: [
      { against: 'floor', bound: 'at least', ratio: 0.8 },
      ...(agents === COMPARED_SIZE ? [factor] : []),
    ],
  };
}

// What somebody does to etcd with etcdctl.

import { configKey, EPOCH_KEY, statusKey, tombstoneKey } from '#libs/keyspace';
import type { Random } from '#test/random';
import { type Act, mayLoseEtcd, type Notes } from './notes.ts';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** Place of the configs among the ranges that an agent watches. */
const CONFIGS = 0;
/** Until a pass that was asked for has listed etcd. */
const PASS_STEPS_MAX = 60;
/** In which those passes may end, and others follow, before anything else happens. */
const AFTER_STEPS = 90;

export const emptyByHand: Act = ({ truth, server }, _random, notes) => {
  if (!mayLoseEtcd(notes)) return false;
  notes.isByHand = true;
  const keys = [...server.store.keys.keys()].filter((key) => key.startsWith('/ingress/'));
  truth.byHand(() => server.deleteByHand(keys));
  return keys.length > 0;
};

export const deleteByHand: Act = async (world, random, notes) => {
  const { env, id } = random.pick(world.refs);
  const key = random.chance(0.5) ? configKey(env, id) : tombstoneKey(env, id);
  return await deleteKey(world, { env, key }, random, notes);
};

/** Behind the back of passes that have listed etcd already, and before the eyes of the agents. */
export const deleteInPass: Act = async (world, random, notes) => {
  const { env, id } = random.pick(world.refs);
  const key = configKey(env, id);
  if (!world.server.store.get(key)) return false;
  await passTo(world, random, random.chance(0.5) ? 'one' : 'all');
  if (!(await deleteKey(world, { env, key }, random, notes))) return true;
  const watching = world.agents.flatMap(({ listWatch, paused }) =>
    listWatch && !paused ? [listWatch] : [],
  );
  for (const listWatch of watching) await world.catchUp(listWatch, random);
  // Passes may come before what they have put back.
  if (random.chance(0.5)) for (const listWatch of watching) listWatch.stall(CONFIGS);
  for (let step = 0; step < AFTER_STEPS; step += 1) {
    await world.scheduler.step(random);
    const listWatch = random.maybe(watching);
    if (listWatch && step % 4 === 0) await world.catchUp(listWatch, random);
  }
  return true;
};

export const garbage: Act = ({ truth, server, refs, hosts }, random, notes) => {
  if (!mayLoseEtcd(notes)) return false;
  const { env, id } = random.pick(refs);
  const agent = random.pick(hosts).name;
  const keys = [configKey(env, id), tombstoneKey(env, id), EPOCH_KEY, statusKey(env, id, agent)];
  const key = random.pick(keys);
  notes.isByHand = true;
  truth.byHand(() => server.putByHand(key, random.pick(['garbage', '{"generation":"9"}'])));
  return true;
};

/**
 * Whoever deletes a key by hand that was just put back is slower than a watch: who watches has seen
 * that it was there.
 */
async function deleteKey(
  world: World,
  { env, key }: { env: string; key: string },
  random: Random,
  notes: Notes,
): Promise<boolean> {
  const { truth, server, agents } = world;
  const watching = agents.filter(({ host, listWatch }) => host.env === env && listWatch?.isUp);
  const isSlow = watching.some(({ paused, listWatch }) => paused || listWatch?.isStalled);
  if (isSlow || !mayLoseEtcd(notes) || !server.store.get(key)) return false;
  for (const { listWatch } of watching) if (listWatch) await world.catchUp(listWatch, random);
  notes.isByHand = true;
  truth.byHand(() => server.deleteByHand([key]));
  return true;
}

/** Has the controllers begin a pass, and waits until one or all of them have listed etcd. */
async function passTo(world: World, random: Random, whose: 'one' | 'all'): Promise<void> {
  const { scheduler } = world;
  const controllers = world.controllers.filter(({ paused }) => !paused);
  for (const controller of controllers) {
    await scheduler.as(controller, () => controller.reconcile());
  }
  const isInPass = (controller: Process) =>
    scheduler.callsOf(controller).some(({ label }) => label.startsWith('mysql: scan'));
  for (let step = 0; step < PASS_STEPS_MAX; step += 1) {
    // Whoever is there waits for the others.
    for (const controller of controllers) controller.paused = isInPass(controller);
    const there = controllers.filter(({ paused }) => paused).length;
    if (there >= (whose === 'one' ? 1 : controllers.length)) break;
    await scheduler.step(random);
  }
  for (const controller of controllers) controller.paused = false;
}

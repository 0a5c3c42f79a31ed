import type { ActName } from './acts.ts';

/** How often what happens while things go wrong. */
const WEIGHTS: Readonly<Record<ActName, number>> = {
  ...{ step: 560, deliver: 130, heartbeat: 12, beat: 8, set: 34, remove: 12, reconcile: 8 },
  ...{ killController: 3, killAgent: 4, startAgent: 12, stopAgent: 2, buryAgent: 6 },
  ...{ pause: 5, resume: 7, leaseEnds: 8, cutWatch: 4, relist: 5 },
  ...{
    moveAgent: 1,
    killAtWork: 1,
    giveUp: 1,
    stall: 4,
    catchUp: 6,
    refuseKey: 0.6,
    deleteInPass: 0.3,
  },
  ...{ cutNetwork: 3, mendNetwork: 6, etcdDown: 2, mysqlDown: 2 },
  ...{ backup: 5, wipe: 1.5, restore: 4, compact: 2, emptyByHand: 0.8, deleteByHand: 1.5 },
  ...{ garbage: 3, mysqlBackup: 6, mysqlRestore: 4, confirmLoss: 4 },
};

/** While everything is well. */
const QUIET: typeof WEIGHTS = {
  ...(Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 0])) as typeof WEIGHTS),
  ...{ step: 70, deliver: 24, beat: 2, set: 7, remove: 3, backup: 2 },
};

/** What a run is mostly about, so that rare moments meet: more of this, less of that. */
const TOPICS: readonly { more: Partial<typeof WEIGHTS>; faultChance: number }[] = [
  { more: {}, faultChance: 0.06 },
  { more: { backup: 14, restore: 12, wipe: 5, compact: 5, remove: 30 }, faultChance: 0.06 },
  {
    more: {
      killAtWork: 40,
      giveUp: 40,
      killAgent: 6,
      startAgent: 26,
      set: 50,
      stopAgent: 10,
      buryAgent: 14,
      leaseEnds: 30,
      wipe: 6,
    },
    faultChance: 0.03,
  },
  {
    more: { deleteByHand: 8, deleteInPass: 12, reconcile: 20, garbage: 4, stall: 10, catchUp: 3 },
    faultChance: 0.03,
  },
  {
    more: { pause: 16, resume: 14, killController: 12, wipe: 6, restore: 5, set: 60, remove: 40 },
    faultChance: 0.1,
  },
  { more: { wipe: 5, emptyByHand: 3, reconcile: 30, mendNetwork: 20 }, faultChance: 0.3 },
  {
    more: { killAgent: 9, startAgent: 3, wipe: 9, emptyByHand: 3, set: 70, leaseEnds: 20 },
    faultChance: 0.01,
  },
];
const TOPIC_WEIGHTS = TOPICS.map(({ more }) => ({ ...WEIGHTS, ...more }));
/** Steps before anything goes wrong, in most runs: what is lost has to be there first. */
const QUIET_STEPS = 90;

/** How often what happens at a step, and how often a call goes wrong. */
export function courseOf(
  seed: number,
  step: number,
): { weights: typeof WEIGHTS; faultChance: number } {
  const isQuiet = step < QUIET_STEPS && seed % 4 !== 0;
  const topic = seed % TOPICS.length;
  const weights = isQuiet ? QUIET : (TOPIC_WEIGHTS[topic] ?? WEIGHTS);
  return { weights, faultChance: isQuiet ? 0 : (TOPICS[topic]?.faultChance ?? 0) };
}

import type { Goal } from '../measure.ts';
import { agent } from './agent.ts';
import { queries } from './queries.ts';
import { rebuild } from './rebuild.ts';
import { setLatency } from './set-latency.ts';
import { setThroughput } from './set-throughput.ts';
import { setToComplete } from './set-to-complete.ts';
import { steadyState } from './steady-state.ts';
import { view } from './view.ts';

/** Every goal that is measured, in order. */
export const GOALS: readonly Goal[] = [
  setThroughput,
  setLatency,
  setToComplete,
  queries,
  steadyState,
  rebuild,
  view,
  agent,
];

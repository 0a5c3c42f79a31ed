import type { Goal } from '../measure.ts';
import { setLatency } from './set-latency.ts';

/** Every goal that is measured, in order. */
export const GOALS: readonly Goal[] = [setLatency];

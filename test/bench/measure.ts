import type { BenchProgram } from './bench-program.ts';
import type { Target, Unit } from './ratio.ts';
import type { Series } from './series.ts';

/** Product, floor, baseline or reference: who measures, and which processes work for it. */
export interface Contender {
  /** What it does, in a few words. */
  readonly what: string;
  readonly program: Pick<BenchProgram, 'run'>;
  /** Process ids by name, the program's included; none of processes that a round starts itself. */
  readonly pids: Readonly<Record<string, number>>;
}

/** One line of the table: contenders that do the same on the same servers. */
export interface Measure {
  readonly title: string;
  readonly unit: Unit;
  readonly inFlight: number;
  readonly product: Contender;
  /** Absent where the goal is a limit. */
  readonly floor?: Contender;
  readonly baseline?: Contender;
  /** Tells where between floor and product the time goes. No goal compares with it. */
  readonly reference?: Contender;
  readonly targets: readonly Target[];
  /** The same measure at several sizes. */
  readonly series?: Series;
  /** How often it is measured, in place of the effort's rounds: a start, a loss or an hour is no loop. */
  readonly rounds?: number;
  /** Whether a round that does not count comes first; true by default. */
  readonly warmUp?: boolean;
}

/** How much is measured. */
export interface Effort {
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** A goal, and how to set up each of its measures: one after the other, each with its own servers. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  measures(effort: Effort): readonly ((stack: AsyncDisposableStack) => Promise<Measure>)[];
}

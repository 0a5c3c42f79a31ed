import type { BenchProgram } from './bench-program.ts';
import type { Target } from './ratio.ts';

/** Product, floor, baseline or reference: who measures, and which processes work for it. */
export interface Contender {
  /** What it does, in a few words. */
  readonly what: string;
  readonly program: BenchProgram;
  /** Process ids by name, the program's included. */
  readonly pids: Readonly<Record<string, number>>;
}

/** One line of the table: contenders that do the same on the same servers. */
export interface Measure {
  readonly title: string;
  /** `ms`: the median of one operation; `/s`: operations per second. */
  readonly unit: 'ms' | '/s';
  readonly inFlight: number;
  readonly product: Contender;
  readonly floor: Contender;
  readonly baseline?: Contender;
  /** Tells where between floor and product the time goes. No goal compares with it. */
  readonly reference?: Contender;
  readonly targets: readonly Target[];
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

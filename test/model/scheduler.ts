import type { Random } from '#test/random';

/** A process of the model: what it does stops when it dies, and waits while it is paused. */
export interface Process {
  readonly name: string;
  alive: boolean;
  paused: boolean;
}

/** How long a timer was set for decides how often it is the one that fires next. */
type TimerKind = 'soon' | 'mid' | 'long' | 'pass' | 'idle';
/** Something that can happen next. */
export interface Action {
  readonly process: Process | undefined;
  readonly label: string;
  readonly run: (random: Random) => void;
  readonly kind: 'io' | 'late' | TimerKind;
  /** Of a timer. */
  readonly dueMs: number;
  isDone: boolean;
}

/** Of what is possible, calls are answered most of the time; deadlines of calls rarely fire. */
const WEIGHTS: Readonly<Record<Action['kind'], number>> = {
  ...{ io: 100, late: 3, soon: 9, mid: 8, long: 1.2, pass: 4, idle: 0 },
};
/** Draws until something is there to happen: most of what is drawn is. */
const STEP_TRIES_MAX = 30;
/** Limits of the kinds of timers, in milliseconds. */
const SOON_MS = 900;
const MID_MS = 2_500;
const LONG_MS = 10_000;
const PASS_MS = 45_000;

/**
 * Decides what happens next. Timing is arbitrary: any call may be answered and any timer may fire
 * before any other, as on machines that stall. Time only goes forward.
 */
export class Scheduler {
  /** Whose code runs at this moment. */
  current: Process | undefined;
  nowMs = Date.UTC(2026, 0, 1);
  /** Told of each thing that happens. */
  onRun: (action: Action) => void = () => undefined;
  readonly #actions: Record<Action['kind'], Action[]> = {
    ...{ io: [], late: [], soon: [], mid: [], long: [], pass: [], idle: [] },
  };

  /** A call that the current process waits for. */
  call(label: string, run: (random: Random) => void, process = this.current): Action {
    return this.#add({ process, label, run, kind: 'io', dueMs: 0, isDone: false });
  }

  /** A request that is on its way without anybody who waits for it. */
  callOfNobody(label: string, run: () => void): void {
    this.#add({ process: undefined, label, run, kind: 'late', dueMs: 0, isDone: false });
  }

  /** A timer of the current process. */
  timer(ms: number, fire: () => void): Action {
    const dueMs = this.nowMs + ms;
    const label = `timer ${Math.round(ms)}`;
    const { current: process } = this;
    return this.#add({ process, label, run: fire, kind: kindOf(ms), dueMs, isDone: false });
  }

  /** One thing that is possible happens, with all that follows from it at once. False: nothing is. */
  async step(random: Random): Promise<boolean> {
    for (let tries = 0; tries < STEP_TRIES_MAX; tries += 1) {
      const kind = random.weighted(WEIGHTS);
      const count = this.#clean(kind);
      const action = count > 0 ? this.#actions[kind][random.int(0, count - 1)] : undefined;
      if (!action || action.process?.paused) continue;
      await this.perform(action, random);
      return true;
    }
    return false;
  }

  /** Requests that are on their way without anybody who waits for them. */
  get lateCalls(): number {
    return this.#clean('late');
  }

  /** Calls of a process that have no answer yet. */
  callsOf(process: Process): Action[] {
    return this.#actions.io.filter((action) => action.process === process && !action.isDone);
  }

  /** Deadlines that a process has set, as long as those of calls of a driver. */
  deadlinesOf(process: Process): Action[] {
    return this.#actions.long.filter((action) => action.process === process && !action.isDone);
  }

  async perform(action: Action, random: Random): Promise<void> {
    action.isDone = true;
    if (action.dueMs > this.nowMs) this.nowMs = action.dueMs;
    this.onRun(action);
    await this.as(action.process, () => action.run(random));
  }

  /** Runs code of a process, and all that follows from it until everybody waits again. */
  async as(process: Process | undefined, run: () => void): Promise<void> {
    this.current = process;
    run();
    await settled();
    this.current = undefined;
  }

  #add(action: Action): Action {
    this.#actions[action.kind].push(action);
    return action;
  }

  #clean(kind: Action['kind']): number {
    const list = this.#actions[kind];
    let kept = 0;
    for (const action of list) {
      if (action.isDone || action.process?.alive === false) continue;
      list[kept] = action;
      kept += 1;
    }
    list.length = kept;
    return kept;
  }
}

/**
 * Resolves when every promise that can settle has: a tick comes after all that is to be done by
 * promises, and costs no round of the event loop.
 */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}

function kindOf(ms: number): TimerKind {
  if (ms <= SOON_MS) return 'soon';
  if (ms <= MID_MS) return 'mid';
  if (ms <= LONG_MS) return 'long';
  return ms <= PASS_MS ? 'pass' : 'idle';
}

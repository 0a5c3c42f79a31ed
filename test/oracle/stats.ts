import type { OracleAnswer } from './oracle.ts';

/** What a run went through: an oracle that never meets a state proves nothing about it. */
export class Stats {
  steps = 0;
  revisions = 0;
  samples = 0;
  answers = 0;
  lists = 0;
  /** Answers with more who block than are named. */
  crowded = 0;
  readonly acts = new Map<string, number>();
  readonly states = new Map<string, number>();
  readonly reasons = new Map<string, number>();

  step(act: string, revisions: number): void {
    this.steps += 1;
    this.revisions += Math.max(0, revisions);
    add(this.acts, act);
  }

  answer(answer: OracleAnswer | undefined): void {
    this.answers += 1;
    add(this.states, answer?.state ?? 'nothing');
    if (answer && answer.blockersTotal > answer.blockers.length) this.crowded += 1;
    for (const { reason } of answer?.blockers ?? []) add(this.reasons, reason);
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

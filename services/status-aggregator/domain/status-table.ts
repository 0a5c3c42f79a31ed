import { type AgentPhase, PHASES } from '#libs/keyspace';

/** Session of a slot without a status key. */
export const ABSENT = 0;
/** Session of a status that cannot be read. */
export const UNREADABLE = 1;
/** Sessions of readable statuses begin here. */
export const SESSION_FIRST = 2;
/** Digest of a status that names none. */
export const NO_DIGEST = 0;

/** Strength of a proof; comparable. */
export const PROOF = { NONE: 0, APPLIED: 1, VERIFIED: 2 } as const;

const PHASE_INDEX = new Map<AgentPhase, number>(PHASES.map((phase, index) => [phase, index]));
const REMOVED = PHASES.indexOf('REMOVED');
/** Phases fit in the low 4 bits, the proof in the next 2. */
const PROOF_SHIFT = 4;
const PHASE_MASK = 0b1111;

/** A last attempt that did not go well. Rare, so it is kept whole. */
export interface Problem {
  readonly generation: number;
  readonly digest: number;
  readonly result: 'failed' | 'rejected' | 'rolled_back';
  /** Not tried again. */
  readonly final: boolean;
  readonly reason: string;
  readonly message: string;
  /** When it was first seen. Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** What counts of a status. */
export interface Report {
  /** From the view's sessions. */
  readonly session: number;
  /** Generation in force, or of the delete; 0 for none. */
  readonly generation: number;
  readonly digest: number;
  readonly proof: number;
  readonly phase: AgentPhase;
  readonly problem: Problem | undefined;
}

/** The statuses of one config by the slots of the agents: 17 bytes each. */
export class StatusTable {
  #sessions = new Uint32Array(0);
  #generations = new Float64Array(0);
  #digests = new Uint32Array(0);
  #marks = new Uint8Array(0);
  #problems: Map<number, Problem> | undefined;
  #size = 0;

  /** Number of status keys. */
  get size(): number {
    return this.#size;
  }

  get problems(): Iterable<[number, Problem]> {
    return this.#problems ?? [];
  }

  set(slot: number, report: Report): void {
    this.#put(slot, report.session);
    this.#generations[slot] = report.generation;
    this.#digests[slot] = report.digest;
    this.#marks[slot] = (report.proof << PROOF_SHIFT) | (PHASE_INDEX.get(report.phase) ?? 0);
    this.setProblem(slot, report.problem);
  }

  /** The slot has a key that cannot be read. */
  setUnreadable(slot: number): void {
    this.clear(slot);
    this.#put(slot, UNREADABLE);
  }

  setProblem(slot: number, problem: Problem | undefined): void {
    if (problem) {
      this.#problems ??= new Map();
      this.#problems.set(slot, problem);
    } else if (this.#problems?.delete(slot) && this.#problems.size === 0) {
      this.#problems = undefined;
    }
  }

  clear(slot: number): void {
    if (this.session(slot) === ABSENT) return;
    this.#sessions[slot] = ABSENT;
    this.#generations[slot] = 0;
    this.#digests[slot] = NO_DIGEST;
    this.#marks[slot] = 0;
    this.setProblem(slot, undefined);
    this.#size -= 1;
  }

  session(slot: number): number {
    return this.#sessions[slot] ?? ABSENT;
  }

  generation(slot: number): number {
    return this.#generations[slot] ?? 0;
  }

  digest(slot: number): number {
    return this.#digests[slot] ?? NO_DIGEST;
  }

  proof(slot: number): number {
    return (this.#marks[slot] ?? 0) >> PROOF_SHIFT;
  }

  phase(slot: number): AgentPhase {
    return PHASES[(this.#marks[slot] ?? 0) & PHASE_MASK] ?? 'WAITING';
  }

  isRemoved(slot: number): boolean {
    return ((this.#marks[slot] ?? 0) & PHASE_MASK) === REMOVED;
  }

  problem(slot: number): Problem | undefined {
    return this.#problems?.get(slot);
  }

  #put(slot: number, session: number): void {
    if (slot >= this.#sessions.length) this.#grow(slot + 1);
    if (this.#sessions[slot] === ABSENT) this.#size += 1;
    this.#sessions[slot] = session;
  }

  #grow(length: number): void {
    // By an eighth: writes stay cheap on average, and a full table wastes little.
    const capacity = Math.max(4, length + (length >> 3));
    this.#sessions = copied(new Uint32Array(capacity), this.#sessions);
    this.#generations = copied(new Float64Array(capacity), this.#generations);
    this.#digests = copied(new Uint32Array(capacity), this.#digests);
    this.#marks = copied(new Uint8Array(capacity), this.#marks);
  }
}

function copied<T extends Uint32Array | Float64Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

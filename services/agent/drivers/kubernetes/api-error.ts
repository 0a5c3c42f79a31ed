import { z } from 'zod';

const status = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z
    .object({
      causes: z
        .array(z.object({ reason: z.string().default(''), message: z.string().default('') }))
        .default([]),
    })
    .default({ causes: [] }),
});

const NO_STATUS = { reason: '', message: '', details: { causes: [] } };
/** Conflicts are left to whoever knows what he wrote. */
const TRANSIENT: readonly number[] = [0, 408, 429, 500, 502, 503, 504];

/** A call of the Kubernetes API that failed, as the server's Status tells it. */
export class ApiError extends Error {
  /** HTTP status code; 0: there was no answer. */
  readonly code: number;
  /** The server's word, such as `Conflict`; empty when there is none. */
  readonly reason: string;
  /** Who else sets a field that was applied, one text each. */
  readonly conflicts: readonly string[];
  /** What the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  private constructor(
    message: string,
    facts: Pick<ApiError, 'code' | 'reason' | 'conflicts' | 'retryAfterMs'>,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
    this.code = facts.code;
    this.reason = facts.reason;
    this.conflicts = facts.conflicts;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Of an answer that is not 2xx. */
  static fromAnswer(answer: { code: number; body: unknown }, retryAfter?: string): ApiError {
    const said = status.safeParse(answer.body).data ?? NO_STATUS;
    const conflicts = said.details.causes
      .filter((cause) => cause.reason === 'FieldManagerConflict')
      .map((cause) => cause.message);
    const seconds = Number(retryAfter ?? Number.NaN);
    return new ApiError(said.message || `HTTP ${answer.code}`, {
      ...{ code: answer.code, reason: said.reason, conflicts },
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
    });
  }

  /** Of whatever was thrown: what is no answer is a server that cannot be reached. */
  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    const facts = { code: 0, reason: '', conflicts: [], retryAfterMs: undefined };
    return new ApiError(error instanceof Error ? error.message : '', facts, { cause: error });
  }

  /** Whether the same call may succeed in a moment. */
  get isTransient(): boolean {
    return TRANSIENT.includes(this.code);
  }
}

import { z } from 'zod';
import { COUNTER_MAX } from './fixed.ts';

/** Longest message that a status carries, in characters. */
export const MESSAGE_LENGTH_MAX = 512;

const counter = z.int().min(0).max(COUNTER_MAX);

const applied = z.object({ generation: counter, digest: z.string(), at: z.string() });

const lastAttempt = z.object({
  generation: counter,
  digest: z.string(),
  result: z.enum(['ok', 'failed', 'rejected', 'rolled_back']),
  reason: z.string(),
  message: z.string().max(MESSAGE_LENGTH_MAX),
  attempts: counter,
  final: z.boolean(),
  at: z.string(),
});

const status = z.object({
  /** Incarnation of the agent that wrote it. */
  instance: z.string(),
  /** Epoch in which it was written. */
  epoch: counter,
  phase: z.enum([
    'WAITING',
    'RECEIVED',
    'APPLYING',
    'APPLIED',
    'VERIFIED',
    'FAILED',
    'REJECTED',
    'ROLLED_BACK',
    'REMOVING',
    'REMOVED',
  ]),
  /** What is in force. For REMOVED: the generation of the delete, with an empty digest. */
  applied: applied.nullable(),
  /** The last try. */
  last_attempt: lastAttempt.nullable(),
  proof: z.object({ level: z.enum(['APPLIED', 'VERIFIED']), method: z.string() }).nullable(),
  traceparent: z.string(),
});

/** What an agent says of one config: two slots, what is in force and what was tried last. */
export type StatusValue = z.infer<typeof status>;
export type AppliedSlot = z.infer<typeof applied>;
export type AttemptSlot = z.infer<typeof lastAttempt>;
export type AgentPhase = StatusValue['phase'];
export type ProofLevel = 'APPLIED' | 'VERIFIED';

export function encodeStatus(value: StatusValue): string {
  return JSON.stringify(value);
}

/** A status, or undefined for anything else. Never throws. */
export function decodeStatus(bytes: Uint8Array): StatusValue | undefined {
  return parseJson(bytes, status);
}

/** A value of `schema` out of JSON bytes, or undefined. Never throws. */
export function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

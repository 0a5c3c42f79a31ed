import { z } from 'zod';
import { COUNTER_MAX } from './fixed.ts';

/** Longest message that a status carries, in characters. */
export const MESSAGE_LENGTH_MAX = 512;

export const PHASES = [
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
] as const;
export const RESULTS = ['ok', 'failed', 'rejected', 'rolled_back'] as const;
export const PROOF_LEVELS = ['APPLIED', 'VERIFIED'] as const;

const counter = z.int().min(0).max(COUNTER_MAX);

const applied = z.object({ generation: counter, digest: z.string(), at: z.string() });

const lastAttempt = z.object({
  generation: counter,
  digest: z.string(),
  result: z.enum(RESULTS),
  reason: z.string(),
  message: z.string().max(MESSAGE_LENGTH_MAX),
  attempts: counter,
  final: z.boolean(),
  at: z.string(),
});

/** What a status is. */
export const statusSchema = z.object({
  /** Incarnation of the agent that wrote it. */
  instance: z.string(),
  /** Epoch in which it was written. */
  epoch: counter,
  phase: z.enum(PHASES),
  /** What is in force. For REMOVED: the generation of the delete, with an empty digest. */
  applied: applied.nullable(),
  /** The last try. */
  last_attempt: lastAttempt.nullable(),
  proof: z.object({ level: z.enum(PROOF_LEVELS), method: z.string() }).nullable(),
  traceparent: z.string(),
});

/** What an agent says of one config: two slots, what is in force and what was tried last. */
export type StatusValue = z.infer<typeof statusSchema>;
export type AppliedSlot = z.infer<typeof applied>;
export type AttemptSlot = z.infer<typeof lastAttempt>;
export type AgentPhase = StatusValue['phase'];
export type ProofLevel = (typeof PROOF_LEVELS)[number];

import { z } from 'zod';
import { COUNTER_MAX } from './fixed.ts';
import { parseJson } from './json-value.ts';

const counter = z.int().min(0).max(COUNTER_MAX);

const synced = z.object({ epoch: counter, revision: counter });

const service = z.object({
  name: z.string(),
  ip: z.string(),
  grpc_port: z.int().min(0).max(65_535),
  /** A new one at each start of the process. */
  instance: z.string(),
  version: z.string(),
  /** ISO 8601, by the process's own clock. */
  started_at: z.string(),
});

const agent = service.extend({
  /** UUID derived from the environment's name. */
  env_uuid: z.string(),
  driver: z.string(),
  /** Set after the first list and the full rewrite of statuses in an epoch. */
  synced: synced.nullable(),
});

const member = z.object({
  instance: z.string(),
  joined_at: z.string(),
});
const leaver = z.object({
  left_at: z.string(),
  /** It did not leave: it was lost for so long that it is not counted any more. */
  forgotten: z.boolean().optional(),
});

/** How far an agent has listed and reported. */
export type Synced = z.infer<typeof synced>;
/** Registration of a controller or an aggregator. */
export type ServiceRegistration = z.infer<typeof service>;
/** Registration of an agent. */
export type AgentRegistration = z.infer<typeof agent>;
/** A roster key: a member, or one that left by a clean exit or was forgotten. */
export type RosterValue = z.infer<typeof member> | z.infer<typeof leaver>;

export function encodeServiceRegistration(value: ServiceRegistration): string {
  return JSON.stringify(value);
}

export function encodeAgentRegistration(value: AgentRegistration): string {
  return JSON.stringify(value);
}

export function encodeRoster(value: RosterValue): string {
  return JSON.stringify(value);
}

/** A controller's or aggregator's registration, or undefined for anything else. Never throws. */
export function decodeServiceRegistration(bytes: Uint8Array): ServiceRegistration | undefined {
  return parseJson(bytes, service);
}

/** An agent's registration, or undefined for anything else. Never throws. */
export function decodeAgentRegistration(bytes: Uint8Array): AgentRegistration | undefined {
  return parseJson(bytes, agent);
}

/**
 * A roster value. Garbage counts as a member of unknown instance: an agent is never taken off the
 * roster by an unreadable value. Never throws.
 */
export function decodeRoster(bytes: Uint8Array): RosterValue {
  return (
    parseJson<RosterValue>(bytes, z.union([leaver, member])) ?? { instance: '', joined_at: '' }
  );
}

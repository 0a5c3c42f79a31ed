import { durationFromMs, timestampFromDate, timestampFromIso } from '#libs/grpc';
import type { AgentPhase, AttemptSlot, ServiceRegistration } from '#libs/keyspace';
import type {
  AppliedConfigInput,
  AttemptInput,
  ControllerInfoInput,
  WatchEventsResponseInput,
} from '#proto';
import type { AgentEvent, TimedAttempt } from '../domain/agent-event.ts';
import { shownAttempt } from '../domain/drift.ts';
import type { ConfigRecord, RemovedRecord } from '../domain/record.ts';
import { shownProof } from '../domain/status.ts';
import type { ToldEvent } from '../events/event-feeds.ts';

/** What the agent knows of one config, as a message. */
export function toAppliedConfig(
  id: string,
  phase: AgentPhase,
  known: { record: ConfigRecord | undefined; removed: RemovedRecord | undefined },
): AppliedConfigInput {
  const applied = known.record ? known.record.applied : withoutDigest(known.removed);
  const attempt = known.record && shownAttempt(known.record);
  const proof = known.record && shownProof(known.record);
  return {
    id,
    phase: `AGENT_PHASE_${phase}`,
    applied: applied
      ? {
          generation: applied.generation,
          digest: applied.digest,
          time: timestampFromIso(applied.at),
        }
      : null,
    lastAttempt: attempt ? toAttempt(attempt) : null,
    proof: proof ? `PROOF_${proof.level}` : 'PROOF_UNSPECIFIED',
  };
}

/** A controller that the agent sees, as a message. */
export function toControllerInfo(
  name: string,
  registration: ServiceRegistration,
): ControllerInfoInput {
  const { instance, ip, grpc_port: grpcPort, version, started_at: startedAt } = registration;
  const startTime = Number.isNaN(Date.parse(startedAt)) ? null : timestampFromIso(startedAt);
  return { name, instance, ip, grpcPort, version, startTime };
}

/** An event as it is told to one reader. */
export function toEvent({ event, atMs, dropped }: ToldEvent): WatchEventsResponseInput {
  const { kind, id = '', generation = 0, attempt } = event;
  return {
    type: `TYPE_${kind}`,
    time: timestampFromDate(new Date(atMs)),
    ...{ id, generation, dropped },
    attempt: attempt ? toTimed(attempt) : null,
  };
}

/** A try with its duration. */
export function toTimedAttempt({ tookMs, ...attempt }: TimedAttempt): AttemptInput {
  return { ...toAttempt(attempt), took: durationFromMs(tookMs) };
}

function toTimed(attempt: NonNullable<AgentEvent['attempt']>): AttemptInput {
  const { tookMs, ...slot } = attempt;
  return tookMs === undefined ? toAttempt(slot) : toTimedAttempt({ ...slot, tookMs });
}

function toAttempt({ at, ...attempt }: AttemptSlot): AttemptInput {
  return { ...attempt, time: timestampFromIso(at) };
}

function withoutDigest(removed: RemovedRecord | undefined) {
  return removed && { generation: removed.generation, digest: '', at: removed.at };
}

import { durationFromMs, timestampFromIso } from '#libs/grpc';
import type { AgentPhase, AttemptSlot, ServiceRegistration } from '#libs/keyspace';
import type { AppliedConfigInput, AttemptInput, ControllerInfoInput } from '#proto';
import { shownAttempt } from '../domain/drift.ts';
import type { ConfigRecord, RemovedRecord } from '../domain/record.ts';
import { shownProof } from '../domain/status.ts';
import type { TimedAttempt } from '../engine/attempt-history.ts';

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

/** A try with its duration. */
export function toTimedAttempt({ tookMs, ...attempt }: TimedAttempt): AttemptInput {
  return { ...toAttempt(attempt), took: durationFromMs(tookMs) };
}

function toAttempt({ at, ...attempt }: AttemptSlot): AttemptInput {
  return { ...attempt, time: timestampFromIso(at) };
}

function withoutDigest(removed: RemovedRecord | undefined) {
  return removed && { generation: removed.generation, digest: '', at: removed.at };
}

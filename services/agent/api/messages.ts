import { timestampFromIso } from '#libs/grpc';
import type { AgentPhase, AttemptSlot, ServiceRegistration } from '#libs/keyspace';
import type { AppliedConfigInput, AttemptInput, ControllerInfoInput } from '#proto';
import type { ConfigRecord, RemovedRecord } from '../domain/record.ts';

/** What the agent knows of one config, as a message. */
export function toAppliedConfig(
  id: string,
  phase: AgentPhase,
  known: { record: ConfigRecord | undefined; removed: RemovedRecord | undefined },
): AppliedConfigInput {
  const applied = known.record ? known.record.applied : withoutDigest(known.removed);
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
    lastAttempt: known.record?.attempt ? toAttempt(known.record.attempt) : null,
    proof: known.record?.applied
      ? `PROOF_${known.record.applied.proof.level}`
      : 'PROOF_UNSPECIFIED',
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

function toAttempt({ at, ...attempt }: AttemptSlot): AttemptInput {
  return { ...attempt, time: timestampFromIso(at) };
}

function withoutDigest(removed: RemovedRecord | undefined) {
  return removed && { generation: removed.generation, digest: '', at: removed.at };
}

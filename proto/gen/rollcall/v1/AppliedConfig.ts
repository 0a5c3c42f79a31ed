// Original file: proto/rollcall/v1/agent.proto

import type { AgentPhaseInput as _rollcall_v1_AgentPhaseInput, AgentPhase as _rollcall_v1_AgentPhase } from '../../rollcall/v1/AgentPhase.ts';
import type { AppliedVersionInput as _rollcall_v1_AppliedVersionInput, AppliedVersion as _rollcall_v1_AppliedVersion } from '../../rollcall/v1/AppliedVersion.ts';
import type { AttemptInput as _rollcall_v1_AttemptInput, Attempt as _rollcall_v1_Attempt } from '../../rollcall/v1/Attempt.ts';
import type { ProofInput as _rollcall_v1_ProofInput, Proof as _rollcall_v1_Proof } from '../../rollcall/v1/Proof.ts';

export interface AppliedConfigInput {
  'id'?: (string);
  'phase'?: (_rollcall_v1_AgentPhaseInput);
  'applied'?: (_rollcall_v1_AppliedVersionInput | null);
  'lastAttempt'?: (_rollcall_v1_AttemptInput | null);
  'proof'?: (_rollcall_v1_ProofInput);
}

export interface AppliedConfig {
  'id': (string);
  'phase': (_rollcall_v1_AgentPhase);
  'applied': (_rollcall_v1_AppliedVersion | null);
  'lastAttempt': (_rollcall_v1_Attempt | null);
  'proof': (_rollcall_v1_Proof);
}

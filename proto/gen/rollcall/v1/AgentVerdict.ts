// Original file: proto/rollcall/v1/controller.proto

import type { VerdictInput as _rollcall_v1_VerdictInput, Verdict as _rollcall_v1_Verdict } from '../../rollcall/v1/Verdict.ts';

export interface AgentVerdictInput {
  'agent'?: (string);
  'verdict'?: (_rollcall_v1_VerdictInput);
  'reason'?: (string);
  'message'?: (string);
}

export interface AgentVerdict {
  'agent': (string);
  'verdict': (_rollcall_v1_Verdict);
  'reason': (string);
  'message': (string);
}

// Original file: proto/rollcall/v1/controller.proto

import type { AgentVerdictInput as _rollcall_v1_AgentVerdictInput, AgentVerdict as _rollcall_v1_AgentVerdict } from '../../rollcall/v1/AgentVerdict.ts';

export interface AgentAnswersInput {
  'verdicts'?: (_rollcall_v1_AgentVerdictInput)[];
  'liveAgents'?: (number);
}

export interface AgentAnswers {
  'verdicts': (_rollcall_v1_AgentVerdict)[];
  'liveAgents': (number);
}

// Original file: proto/rollcall/v1/controller.proto

import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from '../../rollcall/v1/IngressConfig.ts';
import type { AgentAnswersInput as _rollcall_v1_AgentAnswersInput, AgentAnswers as _rollcall_v1_AgentAnswers } from '../../rollcall/v1/AgentAnswers.ts';

export interface SetIngressConfigResponseInput {
  'config'?: (_rollcall_v1_IngressConfigInput | null);
  'changed'?: (boolean);
  'agents'?: (_rollcall_v1_AgentAnswersInput | null);
}

export interface SetIngressConfigResponse {
  'config': (_rollcall_v1_IngressConfig | null);
  'changed': (boolean);
  'agents': (_rollcall_v1_AgentAnswers | null);
}

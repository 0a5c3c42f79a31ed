// Original file: proto/rollcall/v1/controller.proto

import type { EnvironmentInput as _rollcall_v1_EnvironmentInput, Environment as _rollcall_v1_Environment } from '../../rollcall/v1/Environment.ts';

export interface UpdateEnvironmentResponseInput {
  'environment'?: (_rollcall_v1_EnvironmentInput | null);
}

export interface UpdateEnvironmentResponse {
  'environment': (_rollcall_v1_Environment | null);
}

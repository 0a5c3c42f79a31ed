// Original file: proto/rollcall/v1/status_aggregator.proto

import type { EnvironmentStatusInput as _rollcall_v1_EnvironmentStatusInput, EnvironmentStatus as _rollcall_v1_EnvironmentStatus } from '../../rollcall/v1/EnvironmentStatus.ts';

export interface GetEnvironmentResponseInput {
  'environment'?: (_rollcall_v1_EnvironmentStatusInput | null);
}

export interface GetEnvironmentResponse {
  'environment': (_rollcall_v1_EnvironmentStatus | null);
}

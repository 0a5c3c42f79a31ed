// Original file: proto/rollcall/v1/status_aggregator.proto

import type { EnvironmentStatusInput as _rollcall_v1_EnvironmentStatusInput, EnvironmentStatus as _rollcall_v1_EnvironmentStatus } from '../../rollcall/v1/EnvironmentStatus.ts';

export interface StatusAggregatorListEnvironmentsResponseInput {
  'environments'?: (_rollcall_v1_EnvironmentStatusInput)[];
  'nextPageToken'?: (string);
}

export interface StatusAggregatorListEnvironmentsResponse {
  'environments': (_rollcall_v1_EnvironmentStatus)[];
  'nextPageToken': (string);
}

// Original file: proto/rollcall/v1/controller.proto

import type { EnvironmentInput as _rollcall_v1_EnvironmentInput, Environment as _rollcall_v1_Environment } from '../../rollcall/v1/Environment.ts';

export interface ListEnvironmentsResponseInput {
  'environments'?: (_rollcall_v1_EnvironmentInput)[];
  'nextPageToken'?: (string);
}

export interface ListEnvironmentsResponse {
  'environments': (_rollcall_v1_Environment)[];
  'nextPageToken': (string);
}

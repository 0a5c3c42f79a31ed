// Original file: proto/rollcall/v1/controller.proto

import type { SetIngressConfigResponseInput as _rollcall_v1_SetIngressConfigResponseInput, SetIngressConfigResponse as _rollcall_v1_SetIngressConfigResponse } from '../../rollcall/v1/SetIngressConfigResponse.ts';
import type { SetFailureInput as _rollcall_v1_SetFailureInput, SetFailure as _rollcall_v1_SetFailure } from '../../rollcall/v1/SetFailure.ts';

export interface StreamSetIngressConfigsResponseInput {
  'key'?: (string);
  'response'?: (_rollcall_v1_SetIngressConfigResponseInput | null);
  'failure'?: (_rollcall_v1_SetFailureInput | null);
  'outcome'?: "response"|"failure";
}

export interface StreamSetIngressConfigsResponse {
  'key': (string);
  'response'?: (_rollcall_v1_SetIngressConfigResponse | null);
  'failure'?: (_rollcall_v1_SetFailure | null);
  'outcome'?: "response"|"failure";
}

// Original file: proto/rollcall/v1/controller.proto

import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from '../../rollcall/v1/SetIngressConfigRequest.ts';

export interface StreamSetIngressConfigsRequestInput {
  'key'?: (string);
  'request'?: (_rollcall_v1_SetIngressConfigRequestInput | null);
}

export interface StreamSetIngressConfigsRequest {
  'key': (string);
  'request': (_rollcall_v1_SetIngressConfigRequest | null);
}

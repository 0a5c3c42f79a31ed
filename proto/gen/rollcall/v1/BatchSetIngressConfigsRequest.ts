// Original file: proto/rollcall/v1/controller.proto

import type { SetIngressConfigRequestInput as _rollcall_v1_SetIngressConfigRequestInput, SetIngressConfigRequest as _rollcall_v1_SetIngressConfigRequest } from '../../rollcall/v1/SetIngressConfigRequest.ts';

export interface BatchSetIngressConfigsRequestInput {
  'requests'?: (_rollcall_v1_SetIngressConfigRequestInput)[];
}

export interface BatchSetIngressConfigsRequest {
  'requests': (_rollcall_v1_SetIngressConfigRequest)[];
}

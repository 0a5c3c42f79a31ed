// Original file: proto/rollcall/v1/controller.proto

import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from '../../rollcall/v1/IngressConfig.ts';

export interface GetIngressConfigResponseInput {
  'config'?: (_rollcall_v1_IngressConfigInput | null);
}

export interface GetIngressConfigResponse {
  'config': (_rollcall_v1_IngressConfig | null);
}

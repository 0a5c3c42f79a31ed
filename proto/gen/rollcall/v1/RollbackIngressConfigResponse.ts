// Original file: proto/rollcall/v1/history.proto

import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from '../../rollcall/v1/IngressConfig.ts';

export interface RollbackIngressConfigResponseInput {
  'config'?: (_rollcall_v1_IngressConfigInput | null);
  'changed'?: (boolean);
}

export interface RollbackIngressConfigResponse {
  'config': (_rollcall_v1_IngressConfig | null);
  'changed': (boolean);
}

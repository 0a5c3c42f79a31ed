// Original file: proto/rollcall/v1/controller.proto

import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from '../../rollcall/v1/IngressConfig.ts';

export interface ListIngressConfigsResponseInput {
  'configs'?: (_rollcall_v1_IngressConfigInput)[];
  'nextPageToken'?: (string);
}

export interface ListIngressConfigsResponse {
  'configs': (_rollcall_v1_IngressConfig)[];
  'nextPageToken': (string);
}

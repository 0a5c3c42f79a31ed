// Original file: proto/rollcall/v1/history.proto

import type { ConfigViewInput as _rollcall_v1_ConfigViewInput, ConfigView as _rollcall_v1_ConfigView } from '../../rollcall/v1/ConfigView.ts';

export interface WatchIngressConfigsRequestInput {
  'env'?: (string);
  'view'?: (_rollcall_v1_ConfigViewInput);
  'resumeToken'?: (string);
}

export interface WatchIngressConfigsRequest {
  'env': (string);
  'view': (_rollcall_v1_ConfigView);
  'resumeToken': (string);
}

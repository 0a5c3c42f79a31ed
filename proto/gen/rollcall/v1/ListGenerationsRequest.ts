// Original file: proto/rollcall/v1/history.proto

import type { ConfigViewInput as _rollcall_v1_ConfigViewInput, ConfigView as _rollcall_v1_ConfigView } from '../../rollcall/v1/ConfigView.ts';

export interface ListGenerationsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'view'?: (_rollcall_v1_ConfigViewInput);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListGenerationsRequest {
  'env': (string);
  'id': (string);
  'view': (_rollcall_v1_ConfigView);
  'pageSize': (number);
  'pageToken': (string);
}

// Original file: proto/rollcall/v1/history.proto

import type { ConfigViewInput as _rollcall_v1_ConfigViewInput, ConfigView as _rollcall_v1_ConfigView } from '../../rollcall/v1/ConfigView.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetGenerationRequestInput {
  'env'?: (string);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'view'?: (_rollcall_v1_ConfigViewInput);
}

export interface GetGenerationRequest {
  'env': (string);
  'id': (string);
  'generation': (number);
  'view': (_rollcall_v1_ConfigView);
}

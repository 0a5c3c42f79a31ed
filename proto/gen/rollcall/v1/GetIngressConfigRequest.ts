// Original file: proto/rollcall/v1/controller.proto

import type { ConfigViewInput as _rollcall_v1_ConfigViewInput, ConfigView as _rollcall_v1_ConfigView } from '../../rollcall/v1/ConfigView.ts';
import type { FieldMaskInput as _google_protobuf_FieldMaskInput, FieldMask as _google_protobuf_FieldMask } from '../../google/protobuf/FieldMask.ts';

export interface GetIngressConfigRequestInput {
  'env'?: (string);
  'id'?: (string);
  'view'?: (_rollcall_v1_ConfigViewInput);
  'showDeleted'?: (boolean);
  'readMask'?: (_google_protobuf_FieldMaskInput | null);
}

export interface GetIngressConfigRequest {
  'env': (string);
  'id': (string);
  'view': (_rollcall_v1_ConfigView);
  'showDeleted': (boolean);
  'readMask': (_google_protobuf_FieldMask | null);
}

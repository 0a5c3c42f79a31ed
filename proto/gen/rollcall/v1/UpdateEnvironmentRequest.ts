// Original file: proto/rollcall/v1/controller.proto

import type { FieldMaskInput as _google_protobuf_FieldMaskInput, FieldMask as _google_protobuf_FieldMask } from '../../google/protobuf/FieldMask.ts';

export interface UpdateEnvironmentRequestInput {
  'env'?: (string);
  'minAgents'?: (number);
  'updateMask'?: (_google_protobuf_FieldMaskInput | null);
}

export interface UpdateEnvironmentRequest {
  'env': (string);
  'minAgents': (number);
  'updateMask': (_google_protobuf_FieldMask | null);
}

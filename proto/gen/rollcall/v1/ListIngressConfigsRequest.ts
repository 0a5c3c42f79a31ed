// Original file: proto/rollcall/v1/controller.proto

import type { PublishStateInput as _rollcall_v1_PublishStateInput, PublishState as _rollcall_v1_PublishState } from '../../rollcall/v1/PublishState.ts';
import type { ConfigViewInput as _rollcall_v1_ConfigViewInput, ConfigView as _rollcall_v1_ConfigView } from '../../rollcall/v1/ConfigView.ts';
import type { FieldMaskInput as _google_protobuf_FieldMaskInput, FieldMask as _google_protobuf_FieldMask } from '../../google/protobuf/FieldMask.ts';

export interface ListIngressConfigsRequestInput {
  'env'?: (string);
  'labels'?: ({[key: string]: string});
  'publishState'?: (_rollcall_v1_PublishStateInput);
  'view'?: (_rollcall_v1_ConfigViewInput);
  'pageSize'?: (number);
  'pageToken'?: (string);
  'text'?: (string);
  'readMask'?: (_google_protobuf_FieldMaskInput | null);
}

export interface ListIngressConfigsRequest {
  'env': (string);
  'labels': ({[key: string]: string});
  'publishState': (_rollcall_v1_PublishState);
  'view': (_rollcall_v1_ConfigView);
  'pageSize': (number);
  'pageToken': (string);
  'text': (string);
  'readMask': (_google_protobuf_FieldMask | null);
}

// Original file: proto/rollcall/v1/ingress_config.proto

import type { CompletionPolicyInput as _rollcall_v1_CompletionPolicyInput, CompletionPolicy as _rollcall_v1_CompletionPolicy } from '../../rollcall/v1/CompletionPolicy.ts';
import type { PublishStateInput as _rollcall_v1_PublishStateInput, PublishState as _rollcall_v1_PublishState } from '../../rollcall/v1/PublishState.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from '../../rollcall/v1/ReadAfter.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.ts';
import type { Long } from '@grpc/proto-loader';

export interface IngressConfigInput {
  'env'?: (string);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'labels'?: ({[key: string]: string});
  'completionPolicy'?: (_rollcall_v1_CompletionPolicyInput);
  'publishState'?: (_rollcall_v1_PublishStateInput);
  'after'?: (_rollcall_v1_ReadAfterInput | null);
  'actor'?: (string);
  'note'?: (string);
  'acceptTime'?: (_google_protobuf_TimestampInput | null);
  'config'?: (_google_protobuf_StructInput | null);
  'configJson'?: (string);
  'deleted'?: (boolean);
}

export interface IngressConfig {
  'env': (string);
  'id': (string);
  'generation': (number);
  'digest': (string);
  'labels': ({[key: string]: string});
  'completionPolicy': (_rollcall_v1_CompletionPolicy);
  'publishState': (_rollcall_v1_PublishState);
  'after': (_rollcall_v1_ReadAfter | null);
  'actor': (string);
  'note': (string);
  'acceptTime': (_google_protobuf_Timestamp | null);
  'config': (_google_protobuf_Struct | null);
  'configJson': (string);
  'deleted': (boolean);
}

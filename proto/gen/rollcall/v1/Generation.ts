// Original file: proto/rollcall/v1/history.proto

import type { CompletionPolicyInput as _rollcall_v1_CompletionPolicyInput, CompletionPolicy as _rollcall_v1_CompletionPolicy } from '../../rollcall/v1/CompletionPolicy.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.ts';
import type { Long } from '@grpc/proto-loader';

export interface GenerationInput {
  'env'?: (string);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'labels'?: ({[key: string]: string});
  'completionPolicy'?: (_rollcall_v1_CompletionPolicyInput);
  'actor'?: (string);
  'note'?: (string);
  'acceptTime'?: (_google_protobuf_TimestampInput | null);
  'deleted'?: (boolean);
  'requestId'?: (string);
  'config'?: (_google_protobuf_StructInput | null);
  'configJson'?: (string);
}

export interface Generation {
  'env': (string);
  'id': (string);
  'generation': (number);
  'digest': (string);
  'labels': ({[key: string]: string});
  'completionPolicy': (_rollcall_v1_CompletionPolicy);
  'actor': (string);
  'note': (string);
  'acceptTime': (_google_protobuf_Timestamp | null);
  'deleted': (boolean);
  'requestId': (string);
  'config': (_google_protobuf_Struct | null);
  'configJson': (string);
}

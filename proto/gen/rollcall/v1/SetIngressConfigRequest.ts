// Original file: proto/rollcall/v1/controller.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.ts';
import type { CompletionPolicyInput as _rollcall_v1_CompletionPolicyInput, CompletionPolicy as _rollcall_v1_CompletionPolicy } from '../../rollcall/v1/CompletionPolicy.ts';
import type { Long } from '@grpc/proto-loader';

export interface SetIngressConfigRequestInput {
  'env'?: (string);
  'id'?: (string);
  'config'?: (_google_protobuf_StructInput | null);
  'configJson'?: (string);
  'labels'?: ({[key: string]: string});
  'completionPolicy'?: (_rollcall_v1_CompletionPolicyInput);
  'expectedGeneration'?: (number | string | Long);
  'requestId'?: (string);
  'validateOnly'?: (boolean);
  'note'?: (string);
  'askAgents'?: (boolean);
  'content'?: "config"|"configJson";
  '_expectedGeneration'?: "expectedGeneration";
}

export interface SetIngressConfigRequest {
  'env': (string);
  'id': (string);
  'config'?: (_google_protobuf_Struct | null);
  'configJson'?: (string);
  'labels': ({[key: string]: string});
  'completionPolicy': (_rollcall_v1_CompletionPolicy);
  'expectedGeneration'?: (number);
  'requestId': (string);
  'validateOnly': (boolean);
  'note': (string);
  'askAgents': (boolean);
  'content'?: "config"|"configJson";
  '_expectedGeneration'?: "expectedGeneration";
}

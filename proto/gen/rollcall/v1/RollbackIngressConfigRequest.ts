// Original file: proto/rollcall/v1/history.proto

import type { Long } from '@grpc/proto-loader';

export interface RollbackIngressConfigRequestInput {
  'env'?: (string);
  'id'?: (string);
  'toGeneration'?: (number | string | Long);
  'expectedGeneration'?: (number | string | Long);
  'requestId'?: (string);
  'note'?: (string);
  '_expectedGeneration'?: "expectedGeneration";
}

export interface RollbackIngressConfigRequest {
  'env': (string);
  'id': (string);
  'toGeneration': (number);
  'expectedGeneration'?: (number);
  'requestId': (string);
  'note': (string);
  '_expectedGeneration'?: "expectedGeneration";
}

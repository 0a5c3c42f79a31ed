// Original file: proto/rollcall/v1/controller.proto

import type { Long } from '@grpc/proto-loader';

export interface DeleteIngressConfigRequestInput {
  'env'?: (string);
  'id'?: (string);
  'expectedGeneration'?: (number | string | Long);
  'requestId'?: (string);
  'note'?: (string);
  '_expectedGeneration'?: "expectedGeneration";
}

export interface DeleteIngressConfigRequest {
  'env': (string);
  'id': (string);
  'expectedGeneration'?: (number);
  'requestId': (string);
  'note': (string);
  '_expectedGeneration'?: "expectedGeneration";
}

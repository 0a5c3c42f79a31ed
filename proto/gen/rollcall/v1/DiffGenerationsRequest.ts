// Original file: proto/rollcall/v1/history.proto

import type { Long } from '@grpc/proto-loader';

export interface DiffGenerationsRequestInput {
  'env'?: (string);
  'id'?: (string);
  'fromGeneration'?: (number | string | Long);
  'toGeneration'?: (number | string | Long);
  'contextLines'?: (number);
  '_contextLines'?: "contextLines";
}

export interface DiffGenerationsRequest {
  'env': (string);
  'id': (string);
  'fromGeneration': (number);
  'toGeneration': (number);
  'contextLines'?: (number);
  '_contextLines'?: "contextLines";
}

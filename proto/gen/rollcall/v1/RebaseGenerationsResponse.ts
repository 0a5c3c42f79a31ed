// Original file: proto/rollcall/v1/control_plane.proto

import type { Long } from '@grpc/proto-loader';

export interface RebaseGenerationsResponseInput {
  'base'?: (number | string | Long);
  'seenGeneration'?: (number | string | Long);
  'liftedRows'?: (number | string | Long);
  'remainingRows'?: (number | string | Long);
}

export interface RebaseGenerationsResponse {
  'base': (number);
  'seenGeneration': (number);
  'liftedRows': (number);
  'remainingRows': (number);
}

// Original file: proto/rollcall/v1/control_plane.proto

import type { Long } from '@grpc/proto-loader';

export interface RebaseGenerationsRequestInput {
  'base'?: (number | string | Long);
  'validateOnly'?: (boolean);
}

export interface RebaseGenerationsRequest {
  'base': (number);
  'validateOnly': (boolean);
}

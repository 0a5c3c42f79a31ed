// Original file: proto/rollcall/v1/control_plane.proto

import type { Long } from '@grpc/proto-loader';

export interface ConfirmRowLossRequestInput {
  'liveRows'?: (number | string | Long);
  '_liveRows'?: "liveRows";
}

export interface ConfirmRowLossRequest {
  'liveRows'?: (number);
  '_liveRows'?: "liveRows";
}

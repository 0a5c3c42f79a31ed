// Original file: proto/rollcall/v1/control_plane.proto

import type { Long } from '@grpc/proto-loader';

export interface ResumeRemovalsResponseInput {
  'epoch'?: (number | string | Long);
  'changed'?: (boolean);
}

export interface ResumeRemovalsResponse {
  'epoch': (number);
  'changed': (boolean);
}

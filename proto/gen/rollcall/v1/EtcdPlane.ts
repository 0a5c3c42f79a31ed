// Original file: proto/rollcall/v1/control_plane.proto

import type { Long } from '@grpc/proto-loader';

export interface EtcdPlaneInput {
  'epoch'?: (number | string | Long);
  'ready'?: (number | string | Long);
  'pass'?: (number | string | Long);
  'revision'?: (number | string | Long);
}

export interface EtcdPlane {
  'epoch': (number);
  'ready': (number);
  'pass': (number);
  'revision': (number);
}

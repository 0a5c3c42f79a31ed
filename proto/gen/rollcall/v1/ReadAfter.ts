// Original file: proto/rollcall/v1/ingress_config.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadAfterInput {
  'epoch'?: (number | string | Long);
  'revision'?: (number | string | Long);
  'generation'?: (number | string | Long);
}

export interface ReadAfter {
  'epoch': (number);
  'revision': (number);
  'generation': (number);
}

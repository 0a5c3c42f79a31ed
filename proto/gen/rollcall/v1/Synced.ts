// Original file: proto/rollcall/v1/membership.proto

import type { Long } from '@grpc/proto-loader';

export interface SyncedInput {
  'epoch'?: (number | string | Long);
  'revision'?: (number | string | Long);
}

export interface Synced {
  'epoch': (number);
  'revision': (number);
}

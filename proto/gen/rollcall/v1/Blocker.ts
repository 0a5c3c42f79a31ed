// Original file: proto/rollcall/v1/status_aggregator.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface BlockerInput {
  'agent'?: (string);
  'reason'?: (string);
  'message'?: (string);
  'since'?: (_google_protobuf_TimestampInput | null);
  'appliedGeneration'?: (number | string | Long);
}

export interface Blocker {
  'agent': (string);
  'reason': (string);
  'message': (string);
  'since': (_google_protobuf_Timestamp | null);
  'appliedGeneration': (number);
}

// Original file: proto/rollcall/v1/agent.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface AppliedVersionInput {
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'time'?: (_google_protobuf_TimestampInput | null);
}

export interface AppliedVersion {
  'generation': (number);
  'digest': (string);
  'time': (_google_protobuf_Timestamp | null);
}

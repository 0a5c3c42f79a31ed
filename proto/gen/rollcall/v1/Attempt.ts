// Original file: proto/rollcall/v1/agent.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { DurationInput as _google_protobuf_DurationInput, Duration as _google_protobuf_Duration } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

export interface AttemptInput {
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'result'?: (string);
  'reason'?: (string);
  'message'?: (string);
  'attempts'?: (number);
  'final'?: (boolean);
  'time'?: (_google_protobuf_TimestampInput | null);
  'took'?: (_google_protobuf_DurationInput | null);
}

export interface Attempt {
  'generation': (number);
  'digest': (string);
  'result': (string);
  'reason': (string);
  'message': (string);
  'attempts': (number);
  'final': (boolean);
  'time': (_google_protobuf_Timestamp | null);
  'took': (_google_protobuf_Duration | null);
}

// Original file: proto/rollcall/v1/membership.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';

export interface ControllerInfoInput {
  'name'?: (string);
  'instance'?: (string);
  'ip'?: (string);
  'grpcPort'?: (number);
  'version'?: (string);
  'startTime'?: (_google_protobuf_TimestampInput | null);
}

export interface ControllerInfo {
  'name': (string);
  'instance': (string);
  'ip': (string);
  'grpcPort': (number);
  'version': (string);
  'startTime': (_google_protobuf_Timestamp | null);
}

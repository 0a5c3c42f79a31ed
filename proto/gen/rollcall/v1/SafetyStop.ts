// Original file: proto/rollcall/v1/control_plane.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface SafetyStopInput {
  'stopTime'?: (_google_protobuf_TimestampInput | null);
  'liveRows'?: (number | string | Long);
  'liveRowsBefore'?: (number | string | Long);
  'configsInEtcd'?: (number | string | Long);
  'confirmedLiveRows'?: (number | string | Long);
  'confirmedBy'?: (string);
  '_confirmedLiveRows'?: "confirmedLiveRows";
}

export interface SafetyStop {
  'stopTime': (_google_protobuf_Timestamp | null);
  'liveRows': (number);
  'liveRowsBefore': (number);
  'configsInEtcd': (number);
  'confirmedLiveRows'?: (number);
  'confirmedBy': (string);
  '_confirmedLiveRows'?: "confirmedLiveRows";
}

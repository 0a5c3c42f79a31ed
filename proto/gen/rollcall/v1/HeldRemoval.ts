// Original file: proto/rollcall/v1/agent.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';

export interface HeldRemovalInput {
  'id'?: (string);
  'reason'?: (string);
  'since'?: (_google_protobuf_TimestampInput | null);
}

export interface HeldRemoval {
  'id': (string);
  'reason': (string);
  'since': (_google_protobuf_Timestamp | null);
}

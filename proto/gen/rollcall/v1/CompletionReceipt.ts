// Original file: proto/rollcall/v1/status_aggregator.proto

import type { ReceiptKindInput as _rollcall_v1_ReceiptKindInput, ReceiptKind as _rollcall_v1_ReceiptKind } from '../../rollcall/v1/ReceiptKind.ts';
import type { ReceiptExceptionInput as _rollcall_v1_ReceiptExceptionInput, ReceiptException as _rollcall_v1_ReceiptException } from '../../rollcall/v1/ReceiptException.ts';
import type { CompletionPolicyInput as _rollcall_v1_CompletionPolicyInput, CompletionPolicy as _rollcall_v1_CompletionPolicy } from '../../rollcall/v1/CompletionPolicy.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface CompletionReceiptInput {
  'env'?: (string);
  'id'?: (string);
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'kind'?: (_rollcall_v1_ReceiptKindInput);
  'members'?: (number);
  'membersDigest'?: (string);
  'exceptions'?: (_rollcall_v1_ReceiptExceptionInput)[];
  'proof'?: (_rollcall_v1_CompletionPolicyInput);
  'epoch'?: (number | string | Long);
  'revision'?: (number | string | Long);
  'late'?: (boolean);
  'acceptTime'?: (_google_protobuf_TimestampInput | null);
  'publishTime'?: (_google_protobuf_TimestampInput | null);
  'firstApplyTime'?: (_google_protobuf_TimestampInput | null);
  'lastApplyTime'?: (_google_protobuf_TimestampInput | null);
  'completeTime'?: (_google_protobuf_TimestampInput | null);
  'writtenBy'?: (string);
}

export interface CompletionReceipt {
  'env': (string);
  'id': (string);
  'generation': (number);
  'digest': (string);
  'kind': (_rollcall_v1_ReceiptKind);
  'members': (number);
  'membersDigest': (string);
  'exceptions': (_rollcall_v1_ReceiptException)[];
  'proof': (_rollcall_v1_CompletionPolicy);
  'epoch': (number);
  'revision': (number);
  'late': (boolean);
  'acceptTime': (_google_protobuf_Timestamp | null);
  'publishTime': (_google_protobuf_Timestamp | null);
  'firstApplyTime': (_google_protobuf_Timestamp | null);
  'lastApplyTime': (_google_protobuf_Timestamp | null);
  'completeTime': (_google_protobuf_Timestamp | null);
  'writtenBy': (string);
}

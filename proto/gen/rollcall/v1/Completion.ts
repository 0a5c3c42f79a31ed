// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionStateInput as _rollcall_v1_CompletionStateInput, CompletionState as _rollcall_v1_CompletionState } from '../../rollcall/v1/CompletionState.ts';
import type { CompletionCountsInput as _rollcall_v1_CompletionCountsInput, CompletionCounts as _rollcall_v1_CompletionCounts } from '../../rollcall/v1/CompletionCounts.ts';
import type { BlockerInput as _rollcall_v1_BlockerInput, Blocker as _rollcall_v1_Blocker } from '../../rollcall/v1/Blocker.ts';
import type { DurationInput as _google_protobuf_DurationInput, Duration as _google_protobuf_Duration } from '../../google/protobuf/Duration.ts';
import type { CompletionReceiptInput as _rollcall_v1_CompletionReceiptInput, CompletionReceipt as _rollcall_v1_CompletionReceipt } from '../../rollcall/v1/CompletionReceipt.ts';
import type { Long } from '@grpc/proto-loader';

export interface CompletionInput {
  'env'?: (string);
  'id'?: (string);
  'state'?: (_rollcall_v1_CompletionStateInput);
  'generation'?: (number | string | Long);
  'digest'?: (string);
  'counts'?: (_rollcall_v1_CompletionCountsInput | null);
  'blockers'?: (_rollcall_v1_BlockerInput)[];
  'blockersTotal'?: (number);
  'asOfRevision'?: (number | string | Long);
  'epoch'?: (number | string | Long);
  'lag'?: (_google_protobuf_DurationInput | null);
  'acceptedKnown'?: (boolean);
  'fullyExecuted'?: (boolean);
  'unknownReason'?: (string);
  'inSync'?: (boolean);
  'receipt'?: (_rollcall_v1_CompletionReceiptInput | null);
}

export interface Completion {
  'env': (string);
  'id': (string);
  'state': (_rollcall_v1_CompletionState);
  'generation': (number);
  'digest': (string);
  'counts': (_rollcall_v1_CompletionCounts | null);
  'blockers': (_rollcall_v1_Blocker)[];
  'blockersTotal': (number);
  'asOfRevision': (number);
  'epoch': (number);
  'lag': (_google_protobuf_Duration | null);
  'acceptedKnown': (boolean);
  'fullyExecuted': (boolean);
  'unknownReason': (string);
  'inSync': (boolean);
  'receipt': (_rollcall_v1_CompletionReceipt | null);
}

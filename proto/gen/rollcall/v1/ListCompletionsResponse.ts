// Original file: proto/rollcall/v1/status_aggregator.proto

import type { CompletionInput as _rollcall_v1_CompletionInput, Completion as _rollcall_v1_Completion } from '../../rollcall/v1/Completion.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListCompletionsResponseInput {
  'completions'?: (_rollcall_v1_CompletionInput)[];
  'nextPageToken'?: (string);
  'asOfRevision'?: (number | string | Long);
}

export interface ListCompletionsResponse {
  'completions': (_rollcall_v1_Completion)[];
  'nextPageToken': (string);
  'asOfRevision': (number);
}

// Original file: proto/rollcall/v1/status_aggregator.proto

import type { GetCompletionRequestInput as _rollcall_v1_GetCompletionRequestInput, GetCompletionRequest as _rollcall_v1_GetCompletionRequest } from '../../rollcall/v1/GetCompletionRequest.ts';

export interface QueryCompletionsRequestInput {
  'key'?: (string);
  'request'?: (_rollcall_v1_GetCompletionRequestInput | null);
}

export interface QueryCompletionsRequest {
  'key': (string);
  'request': (_rollcall_v1_GetCompletionRequest | null);
}

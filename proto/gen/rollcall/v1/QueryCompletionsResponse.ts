// Original file: proto/rollcall/v1/status_aggregator.proto

import type { GetCompletionResponseInput as _rollcall_v1_GetCompletionResponseInput, GetCompletionResponse as _rollcall_v1_GetCompletionResponse } from '../../rollcall/v1/GetCompletionResponse.ts';
import type { QueryFailureInput as _rollcall_v1_QueryFailureInput, QueryFailure as _rollcall_v1_QueryFailure } from '../../rollcall/v1/QueryFailure.ts';

export interface QueryCompletionsResponseInput {
  'key'?: (string);
  'response'?: (_rollcall_v1_GetCompletionResponseInput | null);
  'failure'?: (_rollcall_v1_QueryFailureInput | null);
  'outcome'?: "response"|"failure";
}

export interface QueryCompletionsResponse {
  'key': (string);
  'response'?: (_rollcall_v1_GetCompletionResponse | null);
  'failure'?: (_rollcall_v1_QueryFailure | null);
  'outcome'?: "response"|"failure";
}

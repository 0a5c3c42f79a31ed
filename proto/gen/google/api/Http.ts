// Original file: proto/google/api/http.proto

import type { HttpRuleInput as _google_api_HttpRuleInput, HttpRule as _google_api_HttpRule } from '../../google/api/HttpRule.ts';

export interface HttpInput {
  'rules'?: (_google_api_HttpRuleInput)[];
  'fullyDecodeReservedExpansion'?: (boolean);
}

export interface Http {
  'rules': (_google_api_HttpRule)[];
  'fullyDecodeReservedExpansion': (boolean);
}

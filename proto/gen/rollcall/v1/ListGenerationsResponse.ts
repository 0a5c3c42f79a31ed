// Original file: proto/rollcall/v1/history.proto

import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from '../../rollcall/v1/Generation.ts';

export interface ListGenerationsResponseInput {
  'generations'?: (_rollcall_v1_GenerationInput)[];
  'nextPageToken'?: (string);
}

export interface ListGenerationsResponse {
  'generations': (_rollcall_v1_Generation)[];
  'nextPageToken': (string);
}

// Original file: proto/rollcall/v1/history.proto

import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from '../../rollcall/v1/Generation.ts';

export interface GetGenerationResponseInput {
  'generation'?: (_rollcall_v1_GenerationInput | null);
}

export interface GetGenerationResponse {
  'generation': (_rollcall_v1_Generation | null);
}

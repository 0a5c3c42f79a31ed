// Original file: proto/rollcall/v1/status_aggregator.proto

import type { WaitForInput as _rollcall_v1_WaitForInput, WaitFor as _rollcall_v1_WaitFor } from '../../rollcall/v1/WaitFor.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from '../../rollcall/v1/ReadAfter.ts';
import type { Long } from '@grpc/proto-loader';

export interface WaitForCompletionRequestInput {
  'envs'?: (string)[];
  'id'?: (string);
  'generation'?: (number | string | Long);
  'waitFor'?: (_rollcall_v1_WaitForInput);
  'acceptExceptions'?: (boolean);
  'after'?: (_rollcall_v1_ReadAfterInput | null);
  'agent'?: (string);
  '_acceptExceptions'?: "acceptExceptions";
}

export interface WaitForCompletionRequest {
  'envs': (string)[];
  'id': (string);
  'generation': (number);
  'waitFor': (_rollcall_v1_WaitFor);
  'acceptExceptions'?: (boolean);
  'after': (_rollcall_v1_ReadAfter | null);
  'agent': (string);
  '_acceptExceptions'?: "acceptExceptions";
}

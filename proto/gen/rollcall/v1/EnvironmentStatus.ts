// Original file: proto/rollcall/v1/status_aggregator.proto

import type { StateCountInput as _rollcall_v1_StateCountInput, StateCount as _rollcall_v1_StateCount } from '../../rollcall/v1/StateCount.ts';
import type { Long } from '@grpc/proto-loader';

export interface EnvironmentStatusInput {
  'env'?: (string);
  'minAgents'?: (number);
  'live'?: (number);
  'lost'?: (number);
  'states'?: (_rollcall_v1_StateCountInput)[];
  'lostAgents'?: (string)[];
  'asOfRevision'?: (number | string | Long);
  'epoch'?: (number | string | Long);
}

export interface EnvironmentStatus {
  'env': (string);
  'minAgents': (number);
  'live': (number);
  'lost': (number);
  'states': (_rollcall_v1_StateCount)[];
  'lostAgents': (string)[];
  'asOfRevision': (number);
  'epoch': (number);
}

// Original file: proto/rollcall/v1/control_plane.proto

import type { SafetyStopInput as _rollcall_v1_SafetyStopInput, SafetyStop as _rollcall_v1_SafetyStop } from '../../rollcall/v1/SafetyStop.ts';
import type { Long } from '@grpc/proto-loader';

export interface MysqlPlaneInput {
  'epoch'?: (number | string | Long);
  'highWaterRevision'?: (number | string | Long);
  'generationBase'?: (number | string | Long);
  'liveRows'?: (number | string | Long);
  'liveRowsBefore'?: (number | string | Long);
  'stop'?: (_rollcall_v1_SafetyStopInput | null);
}

export interface MysqlPlane {
  'epoch': (number);
  'highWaterRevision': (number);
  'generationBase': (number);
  'liveRows': (number);
  'liveRowsBefore': (number);
  'stop': (_rollcall_v1_SafetyStop | null);
}

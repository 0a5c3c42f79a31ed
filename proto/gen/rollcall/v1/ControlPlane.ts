// Original file: proto/rollcall/v1/control_plane.proto

import type { ControlPlaneStateInput as _rollcall_v1_ControlPlaneStateInput, ControlPlaneState as _rollcall_v1_ControlPlaneState } from '../../rollcall/v1/ControlPlaneState.ts';
import type { EtcdPlaneInput as _rollcall_v1_EtcdPlaneInput, EtcdPlane as _rollcall_v1_EtcdPlane } from '../../rollcall/v1/EtcdPlane.ts';
import type { MysqlPlaneInput as _rollcall_v1_MysqlPlaneInput, MysqlPlane as _rollcall_v1_MysqlPlane } from '../../rollcall/v1/MysqlPlane.ts';

export interface ControlPlaneInput {
  'state'?: (_rollcall_v1_ControlPlaneStateInput);
  'reason'?: (string);
  'etcd'?: (_rollcall_v1_EtcdPlaneInput | null);
  'mysql'?: (_rollcall_v1_MysqlPlaneInput | null);
}

export interface ControlPlane {
  'state': (_rollcall_v1_ControlPlaneState);
  'reason': (string);
  'etcd': (_rollcall_v1_EtcdPlane | null);
  'mysql': (_rollcall_v1_MysqlPlane | null);
}

// Original file: proto/rollcall/v1/control_plane.proto

import type { ControlPlaneInput as _rollcall_v1_ControlPlaneInput, ControlPlane as _rollcall_v1_ControlPlane } from '../../rollcall/v1/ControlPlane.ts';

export interface GetControlPlaneResponseInput {
  'controlPlane'?: (_rollcall_v1_ControlPlaneInput | null);
}

export interface GetControlPlaneResponse {
  'controlPlane': (_rollcall_v1_ControlPlane | null);
}

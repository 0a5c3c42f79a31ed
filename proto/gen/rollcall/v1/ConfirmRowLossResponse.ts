// Original file: proto/rollcall/v1/control_plane.proto


export interface ConfirmRowLossResponseInput {
  'changed'?: (boolean);
}

export interface ConfirmRowLossResponse {
  'changed': (boolean);
}

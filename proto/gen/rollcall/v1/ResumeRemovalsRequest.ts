// Original file: proto/rollcall/v1/control_plane.proto


export interface ResumeRemovalsRequestInput {
  'env'?: (string);
}

export interface ResumeRemovalsRequest {
  'env': (string);
}

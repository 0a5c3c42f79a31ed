// Original file: proto/rollcall/v1/control_plane.proto


export interface GetControlPlaneRequestInput {
}

export interface GetControlPlaneRequest {
}

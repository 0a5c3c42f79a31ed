// Original file: proto/rollcall/v1/controller.proto


export interface ListControllersRequestInput {
}

export interface ListControllersRequest {
}

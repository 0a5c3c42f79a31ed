// Original file: proto/rollcall/v1/agent.proto


export interface RelistRequestInput {
}

export interface RelistRequest {
}

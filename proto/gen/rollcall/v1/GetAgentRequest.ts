// Original file: proto/rollcall/v1/agent.proto


export interface GetAgentRequestInput {
}

export interface GetAgentRequest {
}

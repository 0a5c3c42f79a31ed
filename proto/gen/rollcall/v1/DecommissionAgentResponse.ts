// Original file: proto/rollcall/v1/controller.proto


export interface DecommissionAgentResponseInput {
  'changed'?: (boolean);
}

export interface DecommissionAgentResponse {
  'changed': (boolean);
}

// Original file: proto/rollcall/v1/controller.proto


export interface EnvironmentInput {
  'env'?: (string);
  'minAgents'?: (number);
  'configCount'?: (number);
  'liveAgents'?: (number);
  'lostAgents'?: (number);
}

export interface Environment {
  'env': (string);
  'minAgents': (number);
  'configCount': (number);
  'liveAgents': (number);
  'lostAgents': (number);
}

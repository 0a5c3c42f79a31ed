// Original file: proto/rollcall/v1/status_aggregator.proto

export const AgentStanding = {
  AGENT_STANDING_UNSPECIFIED: 'AGENT_STANDING_UNSPECIFIED',
  AGENT_STANDING_DONE: 'AGENT_STANDING_DONE',
  AGENT_STANDING_PROGRESSING: 'AGENT_STANDING_PROGRESSING',
  AGENT_STANDING_FAILED: 'AGENT_STANDING_FAILED',
  AGENT_STANDING_LOST: 'AGENT_STANDING_LOST',
} as const;

export type AgentStandingInput =
  | 'AGENT_STANDING_UNSPECIFIED'
  | 0
  | 'AGENT_STANDING_DONE'
  | 1
  | 'AGENT_STANDING_PROGRESSING'
  | 2
  | 'AGENT_STANDING_FAILED'
  | 3
  | 'AGENT_STANDING_LOST'
  | 4

export type AgentStanding = typeof AgentStanding[keyof typeof AgentStanding]

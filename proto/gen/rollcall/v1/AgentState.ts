// Original file: proto/rollcall/v1/membership.proto

export const AgentState = {
  AGENT_STATE_UNSPECIFIED: 'AGENT_STATE_UNSPECIFIED',
  AGENT_STATE_LIVE: 'AGENT_STATE_LIVE',
  AGENT_STATE_LOST: 'AGENT_STATE_LOST',
} as const;

export type AgentStateInput =
  | 'AGENT_STATE_UNSPECIFIED'
  | 0
  | 'AGENT_STATE_LIVE'
  | 1
  | 'AGENT_STATE_LOST'
  | 2

export type AgentState = typeof AgentState[keyof typeof AgentState]

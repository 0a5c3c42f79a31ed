// Original file: proto/rollcall/v1/agent.proto

export const Verdict = {
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  VERDICT_VALID: 'VERDICT_VALID',
  VERDICT_REJECTED: 'VERDICT_REJECTED',
  VERDICT_UNCERTAIN: 'VERDICT_UNCERTAIN',
  VERDICT_UNANSWERED: 'VERDICT_UNANSWERED',
} as const;

export type VerdictInput =
  | 'VERDICT_UNSPECIFIED'
  | 0
  | 'VERDICT_VALID'
  | 1
  | 'VERDICT_REJECTED'
  | 2
  | 'VERDICT_UNCERTAIN'
  | 3
  | 'VERDICT_UNANSWERED'
  | 4

export type Verdict = typeof Verdict[keyof typeof Verdict]

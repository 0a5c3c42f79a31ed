// Original file: proto/rollcall/v1/ingress_config.proto

export const CompletionPolicy = {
  COMPLETION_POLICY_UNSPECIFIED: 'COMPLETION_POLICY_UNSPECIFIED',
  COMPLETION_POLICY_APPLIED: 'COMPLETION_POLICY_APPLIED',
  COMPLETION_POLICY_VERIFIED: 'COMPLETION_POLICY_VERIFIED',
} as const;

export type CompletionPolicyInput =
  | 'COMPLETION_POLICY_UNSPECIFIED'
  | 0
  | 'COMPLETION_POLICY_APPLIED'
  | 1
  | 'COMPLETION_POLICY_VERIFIED'
  | 2

export type CompletionPolicy = typeof CompletionPolicy[keyof typeof CompletionPolicy]

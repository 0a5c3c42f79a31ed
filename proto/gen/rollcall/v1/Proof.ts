// Original file: proto/rollcall/v1/agent.proto

export const Proof = {
  PROOF_UNSPECIFIED: 'PROOF_UNSPECIFIED',
  PROOF_APPLIED: 'PROOF_APPLIED',
  PROOF_VERIFIED: 'PROOF_VERIFIED',
} as const;

export type ProofInput =
  | 'PROOF_UNSPECIFIED'
  | 0
  | 'PROOF_APPLIED'
  | 1
  | 'PROOF_VERIFIED'
  | 2

export type Proof = typeof Proof[keyof typeof Proof]

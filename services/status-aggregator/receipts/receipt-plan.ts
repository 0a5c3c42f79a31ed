import { type ConfigRef, situationOf } from '../domain/completion.ts';
import type { ConfigEntry } from '../domain/config-entry.ts';
import type { Environment } from '../domain/environment.ts';
import type { Accepted } from '../domain/facts.ts';
import { isLive } from '../domain/member.ts';
import { PROOF } from '../domain/status-table.ts';
import type { View } from '../domain/view.ts';
import { memberSummaryOf } from './member-summary.ts';
import type { Receipt, ReceiptException, ReceiptKind } from './receipt.ts';

const KINDS: Readonly<Record<string, ReceiptKind>> = {
  COMPLETE: 'COMPLETED',
  COMPLETE_WITH_EXCEPTIONS: 'COMPLETED',
  DELETED: 'DELETED',
  DELETED_WITH_EXCEPTIONS: 'DELETED',
};

/** When, and in whose name. */
export interface ReceiptAuthor {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A receipt that MySQL has not been asked about. Its exceptions are the lost members alone. */
export interface DueReceipt extends Receipt {
  readonly forgotten: readonly ForgottenMember[];
}

/** Who was forgotten: an exception, unless it was before the generation was accepted. */
export interface ForgottenMember {
  readonly agent: string;
  /** Milliseconds since 1970; NaN: not known. */
  readonly atMs: number;
}

/**
 * The receipt that is due for what etcd holds of a config; undefined: none, or it is on its way already.
 * Only for a view that is trusted. What MySQL has to say (the environment's minimum, when a delete was
 * accepted) is left to the moment of writing.
 */
export function planReceipt(
  view: View,
  ref: ConfigRef,
  { name, nowMs }: ReceiptAuthor,
): DueReceipt | undefined {
  const env = view.env(ref.env);
  const entry = env?.entries.get(ref.id);
  if (!env || !entry?.target || entry.milestones.isReceipted) return undefined;
  const facts = {
    unknownReason: undefined,
    acceptedKnown: true,
    accepted: undefined,
    minAgents: 1,
  };
  const situation = situationOf(view, ref, facts);
  const kind = situation && KINDS[situation.state];
  if (!situation || !kind) return undefined;
  const { publishedAtMs, firstDoneAtMs, lastDoneAtMs } = entry.milestones;
  const { members, membersDigest, lost } = memberSummaryOf(env);
  const acceptedAtMs = kind === 'DELETED' ? undefined : entry.config?.acceptedAtMs;
  return {
    ...{ env: ref.env, id: ref.id, kind, members, membersDigest, exceptions: lost },
    ...{ generation: situation.generation, digest: situation.digest },
    proof: kind === 'DELETED' ? '' : weakestProof(env, entry),
    ...{ epoch: view.epoch ?? 0, revision: Number(view.revision) },
    late: lastDoneAtMs === undefined,
    acceptedAt: dateOf(acceptedAtMs),
    publishedAt: dateOf(publishedAtMs),
    firstAppliedAt: dateOf(firstDoneAtMs),
    lastAppliedAt: dateOf(lastDoneAtMs),
    completedAt: new Date(nowMs),
    writtenBy: name,
    forgotten: env
      .forgottenSince(acceptedAtMs)
      .map((member) => ({ agent: member.name, atMs: member.forgottenAtMs ?? Number.NaN })),
  };
}

/** What only MySQL knows of a receipt's config. */
export interface ReceiptFacts {
  readonly minAgents: number;
  /** Undefined: MySQL does not have the config. */
  readonly accepted: Accepted | undefined;
}

/** The receipt as it may be written, or why it may not be. */
export function settleReceipt(
  { forgotten, ...receipt }: DueReceipt,
  { minAgents, accepted }: ReceiptFacts,
): Receipt | 'TOO_FEW_MEMBERS' | 'NEVER_ACCEPTED' {
  if (receipt.members + receipt.exceptions.length < minAgents) return 'TOO_FEW_MEMBERS';
  const row = accepted?.generation === receipt.generation ? accepted : undefined;
  if (row && !isOf(row, receipt)) return 'NEVER_ACCEPTED';
  const acceptedAt = receipt.acceptedAt ?? dateOf(row?.acceptedAtMs);
  return { ...receipt, acceptedAt, exceptions: withForgotten(receipt, forgotten, acceptedAt) };
}

/** Whether what MySQL accepted at this generation is what the receipt is about. */
function isOf({ deleted, digest }: Accepted, receipt: Receipt): boolean {
  return receipt.kind === 'DELETED' ? deleted : !deleted && digest === receipt.digest;
}

function withForgotten(
  { exceptions }: Receipt,
  forgotten: readonly ForgottenMember[],
  acceptedAt: Date | undefined,
): readonly ReceiptException[] {
  // A time that is not known counts as since.
  const since = forgotten.filter(({ atMs }) => !(acceptedAt && atMs < acceptedAt.getTime()));
  if (since.length === 0) return exceptions;
  return [...exceptions, ...since.map(({ agent }) => ({ agent, reason: 'FORGOTTEN' }))];
}

function weakestProof(env: Environment, { statuses }: ConfigEntry): 'APPLIED' | 'VERIFIED' {
  const isVerified = env.members.every(
    (member) => !isLive(member) || statuses.proof(member.slot) >= PROOF.VERIFIED,
  );
  return isVerified ? 'VERIFIED' : 'APPLIED';
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

import { createHash } from 'node:crypto';
import { type ConfigRef, situationOf } from '../domain/completion.ts';
import type { ConfigEntry } from '../domain/config-entry.ts';
import type { Environment } from '../domain/environment.ts';
import { isLive, isMember } from '../domain/member.ts';
import { PROOF } from '../domain/status-table.ts';
import type { View } from '../domain/view.ts';
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

/**
 * The receipt that is due for what etcd holds of a config; undefined: none, or it is on its way already.
 * Only for a view that is trusted. What MySQL has to say (the environment's minimum, when a delete was
 * accepted) is left to the moment of writing.
 */
export function planReceipt(
  view: View,
  ref: ConfigRef,
  { name, nowMs }: ReceiptAuthor,
): Receipt | undefined {
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
  return {
    ...{ env: ref.env, id: ref.id, kind, ...membersOf(env) },
    ...{ generation: situation.generation, digest: situation.digest },
    exceptions: exceptionsOf(env, entry),
    proof: kind === 'DELETED' ? '' : weakestProof(env, entry),
    ...{ epoch: view.epoch ?? 0, revision: Number(view.revision) },
    late: lastDoneAtMs === undefined,
    acceptedAt: dateOf(kind === 'DELETED' ? undefined : entry.config?.acceptedAtMs),
    publishedAt: dateOf(publishedAtMs),
    firstAppliedAt: dateOf(firstDoneAtMs),
    lastAppliedAt: dateOf(lastDoneAtMs),
    completedAt: new Date(nowMs),
    writtenBy: name,
  };
}

/** What only MySQL knows of a receipt's config. */
export interface ReceiptFacts {
  readonly minAgents: number;
  /** When the generation was accepted; undefined: not known, or another one is current. */
  readonly acceptedAtMs: number | undefined;
}

/** The receipt as it may be written; undefined: too few members made it. */
export function settleReceipt(receipt: Receipt, facts: ReceiptFacts): Receipt | undefined {
  const { acceptedAtMs } = facts;
  const lost = receipt.exceptions.filter(({ reason }) => reason === 'LOST').length;
  if (receipt.members + lost < facts.minAgents) return undefined;
  if (acceptedAtMs === undefined) return receipt;
  return { ...receipt, acceptedAt: receipt.acceptedAt ?? new Date(acceptedAtMs) };
}

function membersOf(env: Environment): { members: number; membersDigest: string } {
  const hash = createHash('sha256');
  let members = 0;
  for (const member of env.members) {
    if (!isLive(member)) continue;
    hash.update(`${member.name}\n`);
    members += 1;
  }
  return { members, membersDigest: hash.digest('hex') };
}

function exceptionsOf(env: Environment, entry: ConfigEntry): ReceiptException[] {
  const lost = env.members.filter((member) => isMember(member) && !isLive(member));
  const sinceMs = entry.target?.deleted ? undefined : entry.config?.acceptedAtMs;
  return [
    ...lost.map(({ name }) => ({ agent: name, reason: 'LOST' })),
    ...env.forgottenSince(sinceMs).map(({ name }) => ({ agent: name, reason: 'FORGOTTEN' })),
  ];
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

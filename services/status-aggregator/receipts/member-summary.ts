import { createHash } from 'node:crypto';
import type { Environment } from '../domain/environment.ts';
import { isLive } from '../domain/member.ts';
import type { ReceiptException } from './receipt.ts';

/** What every receipt of an environment says of its members, until one of them changes. */
export interface MemberSummary {
  /** Live ones. */
  readonly members: number;
  /** SHA-256, hexadecimal, of their names in order, each with a line feed. */
  readonly membersDigest: string;
  /** Members without a registration, each as an exception. */
  readonly lost: readonly ReceiptException[];
}

const summaries = new WeakMap<Environment, { version: number; summary: MemberSummary }>();

/** The same object for as long as the members are the same: a hundred thousand receipts share it. */
export function memberSummaryOf(env: Environment): MemberSummary {
  const version = env.membersVersion;
  const known = summaries.get(env);
  if (known?.version === version) return known.summary;
  const summary = summarize(env);
  summaries.set(env, { version, summary });
  return summary;
}

function summarize(env: Environment): MemberSummary {
  const hash = createHash('sha256');
  let members = 0;
  for (const member of env.members) {
    if (!isLive(member)) continue;
    hash.update(`${member.name}\n`);
    members += 1;
  }
  const lost = env.lostMembers().map(({ name }) => ({ agent: name, reason: 'LOST' }));
  return { members, membersDigest: hash.digest('hex'), lost };
}

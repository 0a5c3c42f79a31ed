import { deadlineSignal } from '#libs/lifecycle';
import type { ConfigRecord, ConfigVersion, Proof } from '../domain/record.ts';
import { driftedIds, planRecovery } from '../domain/recovery.ts';
import { nextAttempt } from '../domain/status.ts';
import { contentHash, type Driver } from '../drivers/driver.ts';
import type { JournalEntry } from '../journal/journal-state.ts';
import { type ApplierDeps, removeConfig } from './applier.ts';

/** How long a driver may take to list everything that is in force. */
const LIST_TIMEOUT_MS = 60_000;

/**
 * Ids whose last-known-good is not what the driver has. What changed while the driver was asked, or
 * is being changed, is left out: the comparison would be with something else.
 */
export async function findDrift(
  { driver, journal }: Pick<ApplierDeps, 'driver' | 'journal'>,
  isBusy: (id: string) => boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const before = new Map(journal.state.configs);
  const installed = await installedBy(driver, signal);
  return driftedIds({ configs: before, installed, hashOf: contentHash }).filter(
    (id) => journal.state.configs.get(id) === before.get(id) && !isBusy(id),
  );
}

/**
 * Settles what the process before this one left half-done, and adopts what is in force without the
 * journal knowing it. Resolves with the ids that have to be put back in force.
 */
export async function recover(deps: ApplierDeps, signal: AbortSignal): Promise<readonly string[]> {
  const { driver, journal, clock } = deps;
  const { state, condition } = journal;
  const damaged = condition === 'torn' || condition === 'corrupt';
  const plan = planRecovery({
    configs: state.configs,
    tries: state.tries,
    removing: state.removing,
    installed: await installedBy(driver, signal),
    damaged,
    hashOf: contentHash,
  });
  const at = new Date(clock.now()).toISOString();
  const facts: JournalEntry[] = [];
  if (damaged || plan.adopt.length > 0) facts.push({ t: 'hold', held: true });
  for (const id of plan.adopt) facts.push(adopted(id, at, state.configs.get(id)));
  for (const [id, version] of plan.complete) {
    facts.push(completed({ id, at, version, proof: adoptedProof }));
  }
  if (facts.length > 0) journal.note(...facts);
  for (const id of plan.remove) {
    const pending = state.removing.get(id);
    if (pending) await removeConfig(deps, { id, ...pending }, signal);
  }
  return plan.drifted;
}

/** Nobody but the driver's listing vouches for what was found in force. */
const adoptedProof: Proof = { level: 'APPLIED', method: 'found in force' };

interface Completed {
  id: string;
  at: string;
  version: ConfigVersion;
  proof: Proof;
}

function completed({ id, at, version, proof }: Completed): JournalEntry {
  const outcome = { result: 'ok', reason: '', message: '', final: false, at } as const;
  return { t: 'applied', id, at, proof, attempt: nextAttempt(undefined, version, outcome) };
}

/** The generation is unknown, but not below the one that the journal still has. */
function adopted(id: string, at: string, record: ConfigRecord | undefined): JournalEntry {
  const generation = record?.applied?.generation ?? 0;
  const applied = { generation, digest: '', content: '', traceparent: '', at, proof: adoptedProof };
  return { t: 'config', id, applied, attempt: null };
}

async function installedBy(driver: Driver, signal: AbortSignal): Promise<Map<string, string>> {
  using limit = deadlineSignal(signal, LIST_TIMEOUT_MS);
  const installed = new Map<string, string>();
  for await (const { id, hash } of driver.list(limit.signal)) installed.set(id, hash);
  return installed;
}

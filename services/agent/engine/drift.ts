import { type Clock, deadlineSignal } from '#libs/lifecycle';
import { driftOf } from '../domain/drift.ts';
import { isSame } from '../domain/gate.ts';
import type {
  ConfigRecord,
  ConfigVersion,
  DriftKind,
  Proof,
  RemovedRecord,
} from '../domain/record.ts';
import { findDrifted, findUnconfirmed, planRecovery } from '../domain/recovery.ts';
import { nextAttempt } from '../domain/status.ts';
import { contentHash, type Driver } from '../drivers/driver.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-state.ts';
import { type ApplierDeps, removeConfig } from './applier.ts';
import { DriverCalls } from './driver-calls.ts';

/** How long a driver may take to list everything that is in force. */
const LIST_TIMEOUT_MS = 60_000;

/** Where what is in force is not what the journal says. */
export interface Drifted {
  readonly drifted: ReadonlyMap<string, DriftKind>;
  /** In force although they were removed. */
  readonly reappeared: readonly string[];
  /** In force although their apply failed or was given up. */
  readonly unconfirmed: ReadonlyMap<string, ConfigVersion>;
}

/**
 * Compares what the driver has with the journal. What changed while the driver was asked, or is being
 * changed, is left out: the comparison would be with something else.
 */
export async function findDrift(
  { driver, journal }: Pick<ApplierDeps, 'driver' | 'journal'>,
  isBusy: (id: string) => boolean,
  signal: AbortSignal,
): Promise<Drifted> {
  const { state } = journal;
  const configs = new Map(state.configs);
  const removed = new Map(state.removed);
  const tries = new Map(state.tries);
  const installed = await installedBy(driver, signal);
  const isSettled = (id: string) =>
    state.configs.get(id) === configs.get(id) &&
    state.removed.get(id) === removed.get(id) &&
    state.tries.get(id) === tries.get(id) &&
    !state.removing.has(id) &&
    !isBusy(id);
  const all = findDrifted({ configs, installed, hashOf: contentHash });
  const unconfirmed = findUnconfirmed({ configs, tries, installed, hashOf: contentHash });
  const isBack = (id: string) => removed.has(id) && !configs.has(id) && !state.tries.has(id);
  return {
    drifted: new Map([...all].filter(([id]) => isSettled(id) && !unconfirmed.has(id))),
    unconfirmed: new Map([...unconfirmed].filter(([id]) => isSettled(id))),
    reappeared: [...installed.keys()].filter((id) => isBack(id) && isSettled(id)),
  };
}

/** Makes what was found a part of the journal's state at once; the engine acts on that state. */
export function noteDrift(
  { journal, clock }: { journal: Journal; clock: Clock },
  { drifted, reappeared, unconfirmed }: Drifted,
): void {
  const { state } = journal;
  const at = new Date(clock.now()).toISOString();
  const facts: JournalEntry[] = [];
  for (const [id, found] of drifted) {
    const { applied, drift } = state.configs.get(id) ?? {};
    // A drift that is known stays as it is, with the repairs that have failed.
    if (applied && !drift) facts.push({ t: 'drift', id, drift: driftOf(applied, { found, at }) });
  }
  for (const id of reappeared) facts.push(adopted(id, at, { removed: state.removed.get(id) }));
  for (const [id, version] of unconfirmed) {
    facts.push(...completed(id, version, { at, tries: state.tries.get(id) }));
  }
  if (facts.length > 0) journal.note(...facts);
}

/**
 * Settles what the process before this one left half-done, adopts what is in force without the
 * journal knowing it, and notes in the journal what has to be put back in force.
 */
export async function recover(deps: ApplierDeps, signal: AbortSignal): Promise<void> {
  const { driver, journal, clock } = deps;
  const { state, condition } = journal;
  const damaged = condition !== 'intact';
  const plan = planRecovery({
    configs: state.configs,
    tries: state.tries,
    removing: state.removing,
    removed: state.removed,
    installed: await installedBy(driver, signal),
    damaged,
    hashOf: contentHash,
  });
  const at = new Date(clock.now()).toISOString();
  const facts: JournalEntry[] = [];
  // Without a journal and without anything in force this is a new agent.
  if (damaged && (condition !== 'fresh' || plan.adopt.length > 0)) {
    facts.push({ t: 'hold', held: true });
  }
  for (const id of plan.adopt) {
    const known = { record: state.configs.get(id), removed: state.removed.get(id) };
    facts.push(adopted(id, at, known));
  }
  for (const [id, version] of plan.complete) {
    facts.push(...completed(id, version, { at, tries: state.tries.get(id) }));
  }
  if (facts.length > 0) journal.note(...facts);
  noteDrift(deps, { drifted: plan.drifted, reappeared: [], unconfirmed: new Map() });
  const applier = { ...deps, calls: new DriverCalls(deps.driver) };
  for (const id of plan.remove) {
    const pending = state.removing.get(id);
    if (pending) await removeConfig(applier, { id, ...pending }, signal);
  }
}

/** Nobody but the driver's listing vouches for what was found in force. */
const adoptedProof: Proof = { level: 'APPLIED', method: 'found in force' };

function completed(
  id: string,
  version: ConfigVersion,
  { at, tries = [] }: { at: string; tries: readonly ConfigVersion[] | undefined },
): JournalEntry[] {
  const outcome = { result: 'ok', reason: '', message: '', final: false, at } as const;
  const attempt = nextAttempt(undefined, version, outcome);
  const asked = tries.findLastIndex((tried) => isSame(tried, version));
  // What is in force is the last version tried, as in every journal; what the driver was asked for
  // after it may still take effect.
  return [
    { t: 'try', id, version },
    { t: 'applied', id, at, proof: adoptedProof, attempt },
    ...tries.slice(asked + 1).map((later) => ({ t: 'try', id, version: later }) as const),
  ];
}

interface Known {
  record?: ConfigRecord | undefined;
  removed?: RemovedRecord | undefined;
}

/** The generation is unknown, but not below the one that the journal still has. */
function adopted(id: string, at: string, { record, removed }: Known): JournalEntry {
  const generation = Math.max(record?.applied?.generation ?? 0, removed?.generation ?? 0);
  const version = { generation, digest: '', content: '', traceparent: '', createdAt: '' };
  const applied = { ...version, at, proof: adoptedProof };
  return { t: 'config', id, applied, attempt: null };
}

async function installedBy(driver: Driver, signal: AbortSignal): Promise<Map<string, string>> {
  using limit = deadlineSignal(signal, LIST_TIMEOUT_MS);
  const installed = new Map<string, string>();
  for await (const { id, hash } of driver.list(limit.signal)) installed.set(id, hash);
  return installed;
}

import type { Mutant } from '#test/mutants';

type Row = readonly [name: string, find: string, replace: string];

/** Every rule that the promises rest on, dropped once. */
export const MUTANTS: readonly Mutant[] = [
  ...of('services/controller/publish/guarded-txn.ts', [
    [
      'a publication does not look at the generation that stands',
      'return { compare: [configStands], success: look, failure: [{ txn: inner }] };',
      'return inner;',
    ],
    [
      'a publication does not look at the tombstone',
      'return { compare: [configStands], success: look, failure: [{ txn: inner }] };',
      'return { compare: [configStands], success: look, failure: writes };',
    ],
    [
      'a publication does not compare the epoch',
      "compare: [{ key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) }],",
      'compare: [],',
    ],
    [
      'a delete leaves no tombstone',
      'return [{ delete: { key: config } }, { put: { key: tombstone, value, lease } }];',
      'return [{ delete: { key: config } }];',
    ],
    [
      'a foreign value is overwritten whatever stands there by now',
      'return { compare: asSeen, success: writes, failure: look };',
      'return { compare: [], success: writes };',
    ],
  ]),
  ...of('services/controller/publish/filling-txn.ts', [
    [
      'an etcd that is filled is not looked at',
      'value: toFixed20(epoch) }, ...areMissing],',
      'value: toFixed20(epoch) }],',
    ],
    [
      'an etcd that is filled may have tombstones',
      '[configKey, tombstoneKey].map((keyOf)',
      '[configKey].map((keyOf)',
    ],
  ]),
  ...of('services/controller/publish/publisher.ts', [
    [
      'a row is read before the epoch',
      'const epoch = known?.epoch ?? this.currentEpoch() ?? (await this.readEpoch(signal));',
      'options = { ...options, row: options.row ?? (await this.#deps.store.get(ref.env, ref.id)) };\n    const epoch = await this.readEpoch(signal);',
    ],
    [
      'a MySQL that lost commits is not noticed',
      'if (!mustHeal(tried, row, seen)) return { row };',
      'if (row) return { row };',
    ],
  ]),
  ...of('services/controller/reconcile/epoch-step.ts', [
    [
      'the epoch of etcd is read before that of MySQL',
      'const known = await epochs.read();\n  const { seen } = watermark;\n  const observed = await observe(watermark, signal);',
      'const { seen } = watermark;\n  const observed = await observe(watermark, signal);\n  const known = await epochs.read();',
    ],
  ]),
  ...of('services/controller/domain/epoch-plan.ts', [
    [
      'an etcd that misses its epoch goes on with the old one',
      "if (epoch === undefined) return { kind: 'allocate', above: known.epoch, reason: 'missing' };",
      "if (epoch === undefined) return { kind: 'keep', epoch: known.epoch };",
    ],
    [
      'another epoch is taken over',
      "if (epoch !== known.epoch) return { kind: 'allocate', above, reason: 'different' };",
      "if (epoch !== known.epoch) return { kind: 'keep', epoch };",
    ],
  ]),
  ...of('services/controller/reconcile/pass.ts', [
    [
      'etcd is ready although rows are pending',
      "if (result.pending > 0) return { kind: 'pending', epoch, pending: result.pending };",
      '',
    ],
    [
      'passes that overlap count as one after the other',
      'finishPass(watermark, epoch, start, signal)',
      'finishPass(watermark, epoch, (await startPass(watermark, epoch, signal)) ?? start, signal)',
    ],
  ]),
  ...of('services/controller/domain/reconcile-plan.ts', [
    [
      'a pass does not miss tombstones',
      'if (config !== undefined) return false;',
      'if (config === undefined) return true;',
    ],
    [
      'a pass does not compare generations',
      'config.generation === row.generation &&\n    config.digest === row.digest',
      'true',
    ],
  ]),
  ...of('services/controller/domain/roster-plan.ts', [
    [
      'the roster is not restored',
      'if (rosterKeys.has(`${env}/${name}`)) return [];',
      'if (rosterKeys.size >= 0) return [];',
    ],
    ['members are not recorded', "actions.push({ kind: 'joined', env, name, ...member });", ''],
  ]),
  ...of('services/agent/domain/gate.ts', [
    [
      'an agent applies what is older',
      'if (desired.generation < highestInForce(input)) {',
      'if (desired.generation < 0) {',
    ],
    [
      'an agent forgets what was removed',
      'if (!applied && Math.max(removed?.generation ?? 0, tombstone ?? 0) >= desired.generation) {',
      'if (!applied && desired.generation < 0) {',
    ],
  ]),
  ...of('services/agent/engine/removals.ts', [
    [
      'an agent deletes what is absent',
      "if (journal.state.held) return this.#keep(id, absence, 'JOURNAL');",
      'return { generation: generationOf(record), tombstone: false };',
    ],
  ]),
  ...of('services/agent/domain/evidence.ts', [
    ['one pass is evidence enough', 'const PASSES_NEEDED = 2;', 'const PASSES_NEEDED = 1;'],
    [
      'passes count before etcd is ready',
      'if (epoch === undefined || ready !== epoch || pass === undefined)',
      'if (epoch === undefined || pass === undefined)',
    ],
  ]),
  ...of('services/agent/domain/removal.ts', [
    [
      'any tombstone is evidence',
      'tombstone !== undefined && tombstone >= generation',
      'tombstone !== undefined',
    ],
    [
      'a config that is there after all is removed',
      "if (present) return { do: 'keep', absence: { sinceMs: absence.sinceMs, mark: undefined } };",
      '',
    ],
  ]),
  ...of('services/agent/domain/tombstone.ts', [
    [
      'a delete of what was never in force is not acknowledged',
      'if (!tombstone || tombstone.modRevision <= listedSince) return undefined;',
      'if (!tombstone || tombstone.modRevision > 0n) return undefined;',
    ],
  ]),
  ...of('services/agent/domain/recovery.ts', [
    [
      'what took effect unconfirmed is not known again',
      'if (found) unconfirmed.set(id, found);',
      '',
    ],
  ]),
  ...of('services/agent/journal/journal-state.ts', [
    ['the journal keeps the last try only', '[...others, version].slice(-TRIES_MAX)', '[version]'],
  ]),
  ...of('services/agent/engine/driver-calls.ts', [
    [
      'a call begins while one that was given up goes on',
      'if (before) await raceSignal(before, limit.signal);',
      '',
    ],
  ]),
  ...of('services/agent/membership/registrar.ts', [
    [
      'a status is written without a look at the registration',
      "compareCreate(this.#key, '=', createRevision),\n        { key: this.#key, target: 'lease', op: '=', value: lease } as const,",
      '',
    ],
  ]),
  ...of('services/agent/status/session-writes.ts', [
    [
      'a status does not prove that the ones before it stand',
      'const guards = [...this.#reported.guard(), ...this.#registered.guard()];',
      'const guards: never[] = [];',
    ],
    [
      'statuses that etcd has lost are not missed',
      'if (!lost.includes(true)) return;',
      'if (lost.length > 0) return;',
    ],
  ]),
  ...of('services/agent/status/outbox.ts', [
    [
      'synced is said before the statuses are written',
      'if (await this.#writeBatch(written, signal)) continue;\n      await this.#writeSynced(written, signal);',
      'await this.#writeSynced(written, signal);\n      if (await this.#writeBatch(written, signal)) continue;',
    ],
    [
      'synced names a later list than its rewrite',
      'const synced = { epoch, revision: listRevision };',
      'const synced = { epoch, revision: Number(this.#deps.listed()?.revision ?? listRevision) };',
    ],
    [
      'a new epoch leaves the statuses as they are',
      'if (!isRegistration && !isHistory && before.epoch === epoch) return before;',
      'if (!isRegistration && !isHistory) return before;',
    ],
  ]),
  ...of('services/agent/watch/epoch-relist.ts', [
    [
      'a new epoch is not listed',
      'view.listed !== undefined && view.listed.epoch !== view.meta.epoch',
      'view.listed === undefined',
    ],
  ]),
  ...of('services/agent/membership/membership.ts', [
    [
      'an agent does not miss its registration',
      "if (session && revision > session.revision) session.lease.end('the registration was deleted');",
      '',
    ],
  ]),
  ...of('services/status-aggregator/domain/standing.ts', [
    [
      'silence counts whatever synced says',
      'target.tombstoneRevision <= syncedRevision ? STANDING.DONE : STANDING.PROGRESSING',
      'syncedRevision >= 0 ? STANDING.DONE : STANDING.PROGRESSING',
    ],
    [
      'any report of a config counts',
      'if (statuses.session(slot) !== member.session) return STANDING.PROGRESSING;',
      '',
    ],
    [
      'a status counts for any generation',
      'return isApplied(slot, target, statuses) && isProven(slot, target, statuses)',
      'return isProven(slot, target, statuses)',
    ],
  ]),
  ...of('services/status-aggregator/domain/member.ts', [
    [
      'agents count that are not synced in this epoch',
      'if (instance === undefined || syncedEpoch !== epoch)',
      'if (instance === undefined)',
    ],
    [
      'lost members are nobody',
      'return member.onRoster || member.registration !== undefined;',
      'return member.registration !== undefined;',
    ],
  ]),
  ...of('services/status-aggregator/domain/completion.ts', [
    [
      'something is complete on nobody’s word',
      "if (expected < Math.max(1, minAgents)) return 'NO_AGENTS';\n  if (live === 0) return 'STALLED';",
      '',
    ],
  ]),
  ...of('libs/etcd/watch-plan.ts', [
    [
      'a watch goes on in any history',
      'if (deleted) return now === undefined && before !== undefined;',
      'if (deleted || now || before || !put) return true;',
    ],
    [
      'every range resumes where the fastest one is',
      'starts: position.starts.with(range, revision + 1n),',
      'starts: position.starts.map(() => revision + 1n),',
    ],
  ]),
];

/** Rules that only a rare moment needs: it takes thousands of runs, so CI leaves them out. */
export const RARE: ReadonlySet<string> = new Set([
  'a publication does not compare the epoch',
  'an agent forgets what was removed',
  'the journal keeps the last try only',
  'a status does not prove that the ones before it stand',
  'a watch goes on in any history',
]);

/** Rules that others cover: no schedule tells that they are gone. By name, what covers them. */
export const COVERED: ReadonlyMap<string, string> = new Map([
  [
    'a row is read before the epoch',
    'a publication compares what stands, and a tombstone outlives every call that is on its way',
  ],
  [
    'passes count before etcd is ready',
    'the first pass of an epoch says READY in the transaction that counts it',
  ],
  [
    'any tombstone is evidence',
    'etcd is asked only when the view has a tombstone that is new enough, or passes have ended',
  ],
  [
    'a status is written without a look at the registration',
    'every write names the revision of the registration, too',
  ],
  [
    'statuses that etcd has lost are not missed',
    'the next write proves the one before; an etcd put back gets a new epoch, in which all are written',
  ],
  [
    'synced names a later list than its rewrite',
    'what is being applied is reported before synced is said',
  ],
  [
    'an agent does not miss its registration',
    'statuses wait for the registration, and ask etcd for it',
  ],
  ['any report of a config counts', 'an agent that is not synced does not count at all'],
  [
    'agents count that are not synced in this epoch',
    'a report of another session does not count, nor does silence without synced',
  ],
]);

function of(file: string, rows: readonly Row[]): Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace }));
}

import type { Mutant } from '#test/mutants';

type Row = readonly [name: string, find: string, replace: string];

const DOMAIN = 'services/status-aggregator/domain';

/** Every rule of completion.md, and every duty of the counters, broken once. */
export const MUTANTS: readonly Mutant[] = [
  ...of(`${DOMAIN}/member.ts`, [
    [
      'agents count that are not synced in this epoch',
      'if (instance === undefined || syncedEpoch !== epoch)',
      'if (instance === undefined)',
    ],
    ['reports of another instance count', '`${lease}/${epoch}/${instance}`', '`${lease}/${epoch}`'],
    ['reports of another lease count', '`${lease}/${epoch}/${instance}`', '`${epoch}/${instance}`'],
    ['reports of another epoch count', '`${lease}/${epoch}/${instance}`', '`${lease}/${instance}`'],
    [
      'registered agents off the roster are nobody',
      'return member.onRoster || member.registration !== undefined;',
      'return member.onRoster;',
    ],
    [
      'lost members are nobody',
      'return member.onRoster || member.registration !== undefined;',
      'return member.registration !== undefined;',
    ],
    [
      'lost members are live',
      'return member.registration !== undefined;',
      'return isMember(member);',
    ],
    ['who was forgotten before is an exception', '!(forgottenAtMs < sinceMs)', 'true'],
    [
      'who was forgotten at an unreadable time is no exception',
      '!(forgottenAtMs < sinceMs)',
      'forgottenAtMs >= sinceMs',
    ],
    [
      'forgotten members of an unknown time are no exceptions',
      'sinceMs === undefined || !(',
      'sinceMs !== undefined && !(',
    ],
    [
      'who was forgotten and came back is an exception',
      'forgottenAtMs === undefined || isMember(member)',
      'forgottenAtMs === undefined',
    ],
    [
      'a registration that cannot be read is nobody',
      'return member.registration !== undefined;',
      'return member.registration?.instance !== undefined;',
    ],
  ]),
  ...of(`${DOMAIN}/standing.ts`, [
    [
      'silence counts before synced',
      'if (!target || member.session === NO_SESSION)',
      'if (!target)',
    ],
    [
      'any report of a config counts',
      'if (statuses.session(slot) !== member.session) return STANDING.PROGRESSING;',
      '',
    ],
    [
      'any report of a delete counts',
      'if (session !== member.session) return STANDING.PROGRESSING;',
      '',
    ],
    [
      'a final failure of another generation is FAILED',
      'problem.generation === generation && problem.digest === digest',
      'problem.digest === digest',
    ],
    [
      'a final failure of another content is FAILED',
      'problem.generation === generation && problem.digest === digest',
      'problem.generation === generation',
    ],
    [
      'a failure that is retried is FAILED',
      'if (problem?.final && problem.generation === generation',
      'if (problem && problem.generation === generation',
    ],
    [
      'a removal that is retried is FAILED',
      'return problem?.final && problem.generation >= target.generation',
      'return problem && problem.generation >= target.generation',
    ],
    [
      'a failed removal of an earlier delete is FAILED',
      'return problem?.final && problem.generation >= target.generation',
      'return problem?.final',
    ],
    [
      'final failures are progress',
      'return STANDING.FAILED;\n  }',
      'return STANDING.PROGRESSING;\n  }',
    ],
    [
      'silence is a removal, whatever came after synced',
      'return target.tombstoneRevision <= syncedRevision ? STANDING.DONE : STANDING.PROGRESSING;',
      'return STANDING.DONE;',
    ],
    [
      'a removal of an earlier delete counts',
      'statuses.isRemoved(slot) && statuses.generation(slot) >= target.generation',
      'statuses.isRemoved(slot)',
    ],
    [
      'whatever is in force at that generation is a removal',
      'statuses.isRemoved(slot) && statuses.generation(slot) >= target.generation',
      'statuses.generation(slot) >= target.generation',
    ],
    ['the generation is not compared', 'statuses.generation(slot) === generation &&', ''],
    ['the digest is not compared', 'statuses.digest(slot) === digest &&', ''],
    ['a removed config is in force', ' &&\n    !statuses.isRemoved(slot)', ''],
    ['APPLIED proves VERIFIED', '>= PROOF[policy]', '>= PROOF.APPLIED'],
    ['no proof is needed', '>= PROOF[policy]', '>= 0'],
  ]),
  ...of(`${DOMAIN}/completion.ts`, [
    ['nobody at all may be enough', 'Math.max(1, minAgents)', 'minAgents'],
    ['min_agents is ignored', 'Math.max(1, minAgents)', '1'],
    ['STALLED is ignored', "if (live === 0) return 'STALLED';", ''],
    ['FAILED is ignored', "if (failed > 0) return 'FAILED';", ''],
    ['a delete is done while the key stands', 'done < live || hasKey', 'done < live'],
    ['a delete is done when one has removed it', 'done < live || hasKey', 'done === 0 || hasKey'],
    ['one agent is enough', 'if (done < live) return', 'if (done === 0) return'],
    [
      'lost members are no exception of a delete',
      "? 'DELETED_WITH_EXCEPTIONS' : 'DELETED'",
      "? 'DELETED' : 'DELETED'",
    ],
    [
      'lost members are no exception',
      "? 'COMPLETE_WITH_EXCEPTIONS' : 'COMPLETE'",
      "? 'COMPLETE' : 'COMPLETE'",
    ],
    [
      'PENDING is ignored',
      'if (!target || target.generation < generation) return false;',
      'if (!target) return false;\n  if (target.generation < generation) return true;',
    ],
    [
      'another content of the generation is the one accepted',
      '(deleted || digestInEtcd === digest)',
      'true',
    ],
    ['a delete is the config of its generation', 'target.deleted === deleted && ', ''],
    ['what is newer than MySQL is PENDING', 'if (target.generation > generation) return true;', ''],
    [
      'ready is not compared with epoch',
      'facts.unknownReason ?? notReady(view)',
      'facts.unknownReason',
    ],
    ['blindness is ignored', 'facts.unknownReason ?? notReady(view)', 'notReady(view)'],
    [
      'what MySQL was not asked about does not exist',
      'if (facts.acceptedKnown) return undefined;',
      'if (facts) return undefined;',
    ],
    ['a young delete is told from the row', 'accepted.tombstoneExpired && ', ''],
    ['an unpublished delete is told from the row', 'accepted.published && ', ''],
    [
      'agents are not asked about a delete that is told from the row',
      'if (entry?.target === target) return entry.counts;',
      'if (entry) return entry.counts;',
    ],
    ['forgotten members are no exception', 'exceptions = lost + forgotten', 'exceptions = lost'],
    ['COMPLETE_WITH_EXCEPTIONS is not executed', " || state === 'COMPLETE_WITH_EXCEPTIONS'", ''],
  ]),
  ...of(`${DOMAIN}/blockers.ts`, [
    [
      'more are named than an answer holds',
      '...progressing].slice(0, BLOCKERS_MAX)',
      '...progressing]',
    ],
    [
      'forgotten members are not named',
      'if (forgotten.length === 0) return blockers;',
      'if (forgotten) return blockers;',
    ],
    ['who failed is named among the last', '[...failed, ...lost', '[...lost, ...failed'],
  ]),
  ...of(`${DOMAIN}/config-entry.ts`, [
    [
      'a tombstone of the same generation loses',
      'tombstone.generation >= (config?.generation ?? 0)',
      'tombstone.generation > (config?.generation ?? 0)',
    ],
    [
      'an older tombstone hides the config',
      'tombstone && tombstone.generation >= (config?.generation ?? 0)',
      'tombstone',
    ],
    [
      'a tombstone changes no target',
      'this.#tombstone = tombstone;\n    this.#retarget(atMs);',
      'this.#tombstone = tombstone;',
    ],
    [
      'the list of who blocks is never made anew',
      'this.#counts.failed += by;\n    this.#blockers = undefined;',
      'this.#counts.failed += by;',
    ],
    [
      'foreign values are no key',
      'return this.#config !== undefined;',
      'return this.config !== undefined;',
    ],
  ]),
  ...of(`${DOMAIN}/environment.ts`, [
    [
      'a change of a member is not counted',
      'if (this.#isCounting) this.#count(member, 1, isNewSession ? atMs : undefined);',
      '',
    ],
    [
      'a report before the change stays counted',
      'if (this.#isCounting) entry.count(member, -1);',
      '',
    ],
    ['a new epoch voids no count', 'if (this.#isCounting) this.#recount();', ''],
    [
      'a new generation keeps the counts of the old one',
      'entry.recount(this.#slots);\n      if (entry.counts.done > 0',
      'if (entry.counts.done > 0',
    ],
    [
      'a list takes over where a tombstone stood',
      'entry.setTombstone({ ...tombstone, sinceMs: old.tombstone.sinceMs }, undefined);',
      'entry.setTombstone(old.tombstone, undefined);',
    ],
    [
      'a lost member that goes is still named',
      'if (isLive(member)) this.#liveCount += by;',
      'if (!isLive(member)) return;\n    this.#liveCount += by;',
    ],
    [
      'statuses that are deleted stay',
      'if (change === undefined) statuses.clear(member.slot);',
      'if (change === undefined) {\n    }',
    ],
    [
      'a status that cannot be read changes nothing',
      'statuses.setUnreadable(member.slot);',
      '{\n    }',
    ],
  ]),
  ...of(`${DOMAIN}/report.ts`, [
    ['rejected is not the last word', "final: final || result !== 'failed'", 'final'],
  ]),
  ...of(`${DOMAIN}/status-table.ts`, [
    [
      'a failure sticks',
      'this.setProblem(slot, report.problem);',
      'if (report.problem) this.setProblem(slot, report.problem);',
    ],
    [
      'VERIFIED is read as APPLIED',
      '(this.#marks[slot] ?? 0) >> PROOF_SHIFT',
      '((this.#marks[slot] ?? 0) >> PROOF_SHIFT) & 1',
    ],
  ]),
  ...of(`${DOMAIN}/view.ts`, [
    [
      'a clean exit stays on the roster',
      'const NOT_ON_ROSTER: RosterState = { onRoster: false',
      'const NOT_ON_ROSTER: RosterState = { onRoster: true',
    ],
    ['who left is forgotten', 'return roster.forgotten ?', 'return roster.left_at ?'],
    [
      'a registration that ends is not seen',
      'this.#memberEnv(ref).setRegistration(ref.name, undefined, atMs);',
      '',
    ],
    [
      'a roster key that goes is not seen',
      'this.#memberEnv(ref).setRoster(ref.name, NOT_ON_ROSTER, atMs);',
      '',
    ],
    [
      'a config that goes is not seen',
      'this.#configEnv(ref).setConfig(ref.id, undefined, atMs);',
      '',
    ],
    [
      'a tombstone that goes is not seen',
      'this.#configEnv(ref).setTombstone(ref.id, undefined, atMs);',
      '',
    ],
    [
      'ready is enough',
      'this.#epoch !== undefined && this.#ready === this.#epoch',
      'this.#ready !== undefined',
    ],
    [
      'environments do not hear of a new epoch',
      'if (this.#isListed) for (const env of this.#envs.values()) env.setEpoch(counter);',
      '',
    ],
    [
      'an environment of an event knows no epoch',
      'if (this.#isListed) {\n      env.setEpoch(this.#epoch);',
      'if (this.#isListed) {',
    ],
    ['changes of configs are not announced', '    ids.add(id);\n', ''],
    ['changes of members are not announced', 'this.#changedEnvs.add(env);', ''],
    ['changes of the epoch are not announced', 'this.#changedAll = true;', ''],
    ['the revision stands still', 'this.#revision = revision;\n    watcher', 'watcher'],
  ]),
  ...of('services/status-aggregator/watch/view-holder.ts', [
    ['a list keeps what is gone', 'const view = new View();', 'const view = this.#view;'],
    ['a list that broke is taken', 'let ownRevision', 'this.#view = view;\n    let ownRevision'],
  ]),
];

function of(file: string, rows: readonly Row[]): Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace }));
}

import type { KeyValue, WatchEvent } from '#libs/etcd';
import {
  agentKey,
  configKey,
  decodeAgentRegistration,
  decodeConfig,
  decodeRoster,
  decodeStatus,
  EPOCH_KEY,
  encodeConfig,
  fixed20FromValue,
  parseKey,
  rosterKey,
  statusKey,
  tombstoneKey,
} from '#libs/keyspace';
import type { ConfigRecord } from '#services/controller/store/config-record.ts';
import type { WriteCommand, WriteResult } from '#services/controller/store/write-plan.ts';
import type { Situation } from '#services/status-aggregator/domain/completion.ts';
import type { AgentHost, AgentProcess, InForce } from './agent.ts';
import type { Process } from './scheduler.ts';
import type { Stage } from './world.ts';

/** A promise that was broken. */
export interface Violation {
  /** As in ARCHITECTURE's table of invariants. */
  readonly invariant: string;
  readonly what: string;
}

/** Two controllers, and one that came in place of another. */
const EPOCHS_PER_FAULT = 3;

interface Ref {
  readonly env: string;
  readonly id: string;
}

/** What was really written, applied and removed, and the promises about it, checked at every step. */
export class Truth {
  violation: Violation | undefined;
  readonly #stage: Stage;
  /** Highest generation in this history of etcd, by config. */
  readonly #inEtcd = new Map<string, number>();
  /** Highest tombstone ever put, by config. */
  readonly #buried = new Map<string, number>();
  /** Highest delete ever committed, by config. */
  readonly #deletes = new Map<string, number>();
  /** What MySQL has to say in the end, by config: nothing but a rollback takes it back. */
  #last = new Map<string, { digest: string; deleted: boolean; generation: number }>();
  /** Disk that an instance of an agent has. */
  readonly #diskOf = new Map<string, number>();
  /** Highest generation that was ever in force, by host, disk and config. */
  readonly #everInForce = new Map<string, number>();
  readonly #removedAt = new Map<string, number>();
  /** Deletes that were said to be through, with the agents that were live then. */
  readonly #saidGone = new Map<string, { generation: number; instances: ReadonlySet<string> }>();
  /** Epoch in which MySQL came to know a member. */
  readonly #mirroredIn = new Map<string, number>();
  /**
   * Epochs that the last fault may still lead to: one for each controller that looked at etcd before
   * it was mended, and goes on late.
   */
  #epochsLeft = EPOCHS_PER_FAULT;
  /** etcd went back to a backup that nobody has noticed yet. */
  isRewound = false;
  #isByHand = false;
  #wasRolledBack = false;
  /** Configs whose rows a rollback took away. */
  readonly #lostRows = new Set<string>();
  /** Highest generation that a rollback took away, by config. */
  readonly #takenBack = new Map<string, number>();
  /** Configs among them that were deleted, for MySQL, at some time since. */
  readonly #deletedSince = new Set<string>();
  #epoch = 0;
  readonly #epochs = new Set<number>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Something that no promise covers is done to etcd's content. */
  byHand(change: () => void): void {
    this.#isByHand = true;
    change();
    this.#isByHand = false;
    this.#epochsLeft = EPOCHS_PER_FAULT;
  }

  etcdRestored(): void {
    this.#epochsLeft = EPOCHS_PER_FAULT;
    this.isRewound = true;
    for (const key of this.#saidGone.keys()) this.#onlyWhoHad(key);
    this.#inEtcd.clear();
    for (const kv of this.#stage.server.store.keys.values()) this.#noteHighest(kv);
  }

  mysqlRestored(): void {
    this.#epochsLeft = EPOCHS_PER_FAULT;
    this.#wasRolledBack = true;
    for (const [key, { generation }] of this.#last) {
      const row = this.#stage.mysql.rows.get(key);
      if (!row) this.#lostRows.add(key);
      else if (row.generation < generation) {
        this.#raise(this.#takenBack, key, generation);
        if (row.deleted) this.#deletedSince.add(key);
      }
    }
    this.#last = new Map(
      [...this.#stage.mysql.rows].map(([key, { digest, deleted, generation }]) => [
        key,
        { digest, deleted, generation },
      ]),
    );
    for (const [key, generation] of this.#buried) {
      if ((this.#last.get(key)?.generation ?? 0) < generation) this.#buried.delete(key);
    }
    this.#saidGone.clear();
  }

  committed(row: ConfigRecord, cause: 'write' | 'heal' | 'lift'): void {
    const key = keyOf(row);
    const { digest, deleted, generation } = row;
    const last = this.#last.get(key);
    if (last && generation <= last.generation) {
      this.#broken('I5', `${key}: generation ${generation} was committed after ${last.generation}`);
    }
    if (cause !== 'write' && last && (last.digest !== digest || last.deleted !== deleted)) {
      this.#broken('I7', `${key}: a ${cause} changed what was acknowledged`);
    }
    this.#last.set(key, { digest, deleted, generation });
    if (!deleted) return;
    this.#raise(this.#deletes, key, generation);
    if (this.#takenBack.has(key)) this.#deletedSince.add(key);
  }

  answered(command: WriteCommand, result: WriteResult): void {
    if (result.kind !== 'ok' || command.kind !== 'set') return;
    const { row } = result;
    if (row.digest !== command.digest || row.deleted) {
      this.#broken('I7', `${keyOf(row)}: acknowledged another content than was set`);
    }
  }

  /** One more that may have looked at etcd before a fault was mended, and goes on late. */
  controllerStarted(): void {
    this.#epochsLeft += 1;
  }

  agentStarted({ instance, host }: AgentProcess): void {
    this.#diskOf.set(instance, host.disk);
  }

  threw(process: Process, error: unknown): void {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#broken('crash', `${process.name} ended: ${why}`);
  }

  /** What one call changed in etcd. */
  wrote(events: readonly WatchEvent[]): void {
    for (const event of events) {
      const key = event.type === 'put' ? event.kv.key : event.key;
      const ref = parseKey(key);
      if (this.#isByHand && (ref?.kind === 'config' || ref?.kind === 'tombstone')) {
        this.#inEtcd.delete(keyOf(ref));
        this.#buried.delete(keyOf(ref));
        this.#onlyWhoHad(keyOf(ref));
      }
      if (this.#isByHand || event.type === 'delete') continue;
      const { kv } = event;
      if (ref?.kind === 'config') this.#putConfig(ref, kv);
      else if (ref?.kind === 'tombstone') this.#putTombstone(ref, kv);
      else if (ref?.kind === 'status') this.#putStatus(ref, kv);
      else if (key === EPOCH_KEY) this.#putEpoch(kv);
    }
  }

  /** Who never had a config keeps no record of its delete: without the tombstone it takes what comes. */
  #onlyWhoHad(key: string): void {
    const gone = this.#saidGone.get(key);
    if (!gone) return;
    const id = key.slice(key.indexOf('/') + 1);
    const had = [...gone.instances].filter((place) => this.#everInForce.has(`${place} ${id}`));
    this.#saidGone.set(key, { ...gone, instances: new Set(had) });
  }

  #putConfig(ref: Ref, kv: KeyValue): void {
    const value = decodeConfig(kv.value);
    const key = keyOf(ref);
    if ('foreign' in value) {
      this.#broken('I3', `${key}: a controller wrote a value that is not canonical`);
      return;
    }
    const { generation } = value;
    const highest = this.#inEtcd.get(key) ?? 0;
    if (generation < highest) {
      this.#broken('I1', `${key}: generation ${generation} was put after ${highest}`);
    }
    const buried = this.#buried.get(key) ?? 0;
    if (generation <= buried && !this.isRewound && !this.#wasRolledBack) {
      this.#broken(
        'I2',
        `${key}: generation ${generation} was put after the tombstone of ${buried}`,
      );
    }
    this.#raise(this.#inEtcd, key, generation);
  }

  #putTombstone(ref: Ref, kv: KeyValue): void {
    const key = keyOf(ref);
    const generation = fixed20FromValue(kv.value) ?? 0;
    const highest = this.#inEtcd.get(key) ?? 0;
    if (generation < highest) {
      this.#broken('I1', `${key}: a tombstone of ${generation} was put after ${highest}`);
    }
    this.#raise(this.#inEtcd, key, generation);
    this.#raise(this.#buried, key, generation);
  }

  #putStatus({ env, id, agent }: Ref & { agent: string }, kv: KeyValue): void {
    const held = this.#stage.server.store.get(agentKey(env, agent));
    const instance = held && decodeAgentRegistration(held.value)?.instance;
    const status = decodeStatus(kv.value);
    if (status?.instance !== instance || held?.lease !== kv.lease) {
      const whose = `${status?.instance} under lease ${kv.lease}`;
      this.#broken('I10', `${env}/${id}: status of ${whose}, registered is ${instance}`);
    }
  }

  #putEpoch(kv: KeyValue): void {
    const epoch = fixed20FromValue(kv.value) ?? 0;
    if (this.#epochsLeft === 0) this.#broken('I11', `epoch ${epoch} without a fault`);
    if (this.#epochs.has(epoch) && !this.#wasRolledBack) {
      this.#broken('I11', `epoch ${epoch} was put a second time`);
    }
    this.#epochs.add(epoch);
    this.#epoch = epoch;
    this.isRewound = false;
    this.#epochsLeft = Math.max(0, this.#epochsLeft - 1);
  }

  /** A host is about to put a version in force. */
  applied({ host }: AgentProcess, id: string, before: InForce | undefined, next: InForce): void {
    const key = `${host.env}/${id}`;
    const at = `${placeOf(host)} ${id}`;
    const { generation } = next;
    if (before && generation < before.generation) {
      this.#broken('I5', `${at}: generation ${generation} in force after ${before.generation}`);
    }
    const removed = this.#removedAt.get(at) ?? 0;
    if (generation <= removed && !this.#wasRolledBack) {
      this.#broken(
        'I2',
        `${at}: generation ${generation} in force after the removal of ${removed}`,
      );
    }
    const gone = this.#saidGone.get(key);
    if (gone && generation <= gone.generation && gone.instances.has(placeOf(host))) {
      this.#broken(
        'I9',
        `${at}: generation ${generation} in force after DELETED ${gone.generation}`,
      );
    }
    this.#raise(this.#everInForce, at, generation);
  }

  /** A host is about to take a version out of force. */
  removed({ host }: AgentProcess, id: string, before: InForce): void {
    const key = `${host.env}/${id}`;
    const at = `${placeOf(host)} ${id}`;
    const deleted = this.#deletes.get(key) ?? 0;
    // A row that MySQL has lost, in an etcd that was lost as well, is known to nobody.
    // Of what was deleted before the generation that a rollback took away, etcd alone knew better.
    // Either may have been set anew since that was seen.
    const isTakenBack =
      this.#deletedSince.has(key) && before.generation <= (this.#takenBack.get(key) ?? 0);
    const isUnknown = this.#lostRows.has(key) || isTakenBack;
    // A generation that was rolled back may come again, as a delete.
    const isDelete = this.#wasRolledBack
      ? deleted >= before.generation
      : deleted > before.generation;
    if (!isDelete && !isUnknown) {
      this.#broken(
        'I4',
        `${at}: generation ${before.generation} was removed, the last delete is ${deleted}`,
      );
    }
    this.#raise(this.#removedAt, at, before.generation);
  }

  memberMirrored(env: string, name: string): void {
    const key = `${env}/${name}`;
    if (!this.#mirroredIn.has(key)) this.#mirroredIn.set(key, this.#epoch);
  }

  /** An aggregator says where a config stands, as of a revision of the present history. */
  said(ref: Ref, { state, generation, digest, deleted }: Situation, revision: bigint): void {
    if (deleted) {
      if (state === 'DELETED' || state === 'DELETED_WITH_EXCEPTIONS') {
        this.#saidDeleted(ref, generation, revision);
      }
      return;
    }
    if (state !== 'COMPLETE' && state !== 'COMPLETE_WITH_EXCEPTIONS') return;
    let done = 0;
    for (const host of this.#hostsIn(ref.env)) {
      const { isLive, isMember, disk } = this.#standing(host, revision);
      const ever = this.#everInForce.get(`${placeOf(host, disk)} ${ref.id}`) ?? 0;
      // What is in force counts for every generation with the same content.
      const isNow = disk === host.disk && host.inForce.get(ref.id)?.digest === digest;
      const has = isNow ? generation : ever;
      if (has >= generation) {
        if (isLive) done += 1;
      } else if (isLive || (isMember && state === 'COMPLETE')) {
        const said = `${keyOf(ref)}: ${state} of generation ${generation} at ${revision}`;
        this.#broken('I9', `${said}, but ${host.name} has ${has}`);
      }
    }
    if (done === 0) {
      this.#broken(
        'I9',
        `${keyOf(ref)}: ${state} of generation ${generation} without a live agent`,
      );
    }
  }

  #saidDeleted(ref: Ref, generation: number, revision: bigint): void {
    // Where a rollback took the delete away, or the row, generations came again: a lower one may be a
    // later one, which the aggregator has not seen yet.
    const key = keyOf(ref);
    if (this.#lostRows.has(key) || (this.#takenBack.get(key) ?? 0) >= generation) return;
    const instances = new Set<string>();
    for (const host of this.#hostsIn(ref.env)) {
      const { isLive, disk } = this.#standing(host, revision);
      if (!isLive || disk !== host.disk) continue;
      instances.add(placeOf(host));
      const has = host.inForce.get(ref.id)?.generation;
      if (has !== undefined && has <= generation) {
        const said = `${key}: DELETED of generation ${generation} at ${revision}`;
        this.#broken('I9', `${said}, but ${host.name} has ${has}`);
      }
    }
    this.#saidGone.set(key, { generation, instances });
  }

  /** Whether a host's agent was registered, and counted, at a revision. */
  #standing({ env, name, disk }: AgentHost, revision: bigint) {
    const { store } = this.#stage.server;
    const registered = store.getAt(agentKey(env, name), revision);
    const isLive = registered !== undefined;
    const instance = registered && decodeAgentRegistration(registered.value)?.instance;
    const roster = store.getAt(rosterKey(env, name), revision);
    const member = this.#stage.mysql.members.get(`${env}/${name}`);
    const isRestored =
      member !== undefined &&
      !member.leftAt &&
      (this.#mirroredIn.get(`${env}/${name}`) ?? Number.POSITIVE_INFINITY) < this.#epoch &&
      roster === undefined;
    const isOnRoster = roster !== undefined && !('left_at' in decodeRoster(roster.value));
    const isMember = isLive || isOnRoster || isRestored;
    return { isLive, isMember, disk: this.#diskOf.get(instance ?? '') ?? disk };
  }

  #hostsIn(env: string): AgentHost[] {
    return this.#stage.hosts.filter((host) => host.env === env);
  }

  /** What is not yet as it has to be when nothing goes wrong any more; undefined: everything is. */
  unrest(): Violation | undefined {
    const { mysql, server, refs } = this.#stage;
    for (const ref of refs) {
      const key = keyOf(ref);
      const row = mysql.rows.get(key);
      const last = this.#last.get(key);
      if (row?.digest !== last?.digest || row?.deleted !== last?.deleted) {
        return { invariant: 'I7', what: `${key}: MySQL lost what was acknowledged` };
      }
      if (!row) continue;
      const config = server.store.get(configKey(ref.env, ref.id));
      const tombstone = server.store.text(tombstoneKey(ref.env, ref.id));
      const wanted = row.deleted
        ? undefined
        : encodeConfig({
            ...row,
            acceptedAt: row.acceptedAt.toISOString(),
            createdAt: row.createdAt.toISOString(),
          });
      const text = config?.value.toString('utf8');
      // After a rollback a generation may be there twice, with the same content, accepted twice.
      const isThere =
        text === wanted ||
        (this.#wasRolledBack &&
          config !== undefined &&
          wanted !== undefined &&
          isSame(config, row));
      if (!isThere || (tombstone !== undefined) !== row.deleted) {
        const what = `${key}: row ${row.generation}${row.deleted ? ' deleted' : ''}, etcd ${text?.slice(0, 40)} tombstone ${tombstone}`;
        return { invariant: 'I3', what };
      }
      const found = this.#unrestOfAgents(ref, row) ?? this.#unrestOfAnswer(ref, row);
      if (found) return found;
    }
    return this.#unrestOfRoster();
  }

  /** Who is live has to be known to MySQL, so that etcd's loss does not make it nobody. */
  #unrestOfRoster(): Violation | undefined {
    const { hosts, mysql } = this.#stage;
    const unknown = hosts.find(({ env, name }) => {
      const member = mysql.members.get(`${env}/${name}`);
      return !member || member.leftAt;
    });
    return (
      unknown && { invariant: 'at rest', what: `${hostKey(unknown)} is not recorded in MySQL` }
    );
  }

  #unrestOfAgents(ref: Ref, row: ConfigRecord): Violation | undefined {
    for (const host of this.#hostsIn(ref.env)) {
      const found = host.inForce.get(ref.id);
      const isRight = row.deleted ? found === undefined : found?.digest === row.digest;
      if (isRight) continue;
      const wanted = row.deleted ? 'nothing' : String(row.generation);
      const what = `${hostKey(host)} ${ref.id}: has ${found?.generation ?? 'nothing'}, should have ${wanted}`;
      return { invariant: 'I6', what };
    }
    return undefined;
  }

  #unrestOfAnswer(ref: Ref, row: ConfigRecord): Violation | undefined {
    const said = this.#stage.aggregator.answer(ref);
    if (this.#hasForeignStatus(ref)) return undefined;
    const wanted = row.deleted ? 'DELETED' : 'COMPLETE';
    if (said?.state === wanted && said.generation === row.generation) return undefined;
    const what = `${keyOf(ref)}: ${said?.state} ${said?.generation} ${said?.unknownReason}, should be ${wanted} ${row.generation}`;
    return { invariant: 'at rest', what };
  }

  /** What an agent once said may hide behind a status that nobody can read: it proves nothing. */
  #hasForeignStatus({ env, id }: Ref): boolean {
    const { store } = this.#stage.server;
    return this.#hostsIn(env).some(({ name }) => {
      const kv = store.get(statusKey(env, id, name));
      return kv !== undefined && decodeStatus(kv.value) === undefined;
    });
  }

  #noteHighest(kv: KeyValue): void {
    const ref = parseKey(kv.key);
    if (ref?.kind === 'config') {
      const value = decodeConfig(kv.value);
      if (!('foreign' in value)) this.#raise(this.#inEtcd, keyOf(ref), value.generation);
    } else if (ref?.kind === 'tombstone') {
      this.#raise(this.#inEtcd, keyOf(ref), fixed20FromValue(kv.value) ?? 0);
    }
  }

  #raise(map: Map<string, number>, key: string, value: number): void {
    map.set(key, Math.max(map.get(key) ?? 0, value));
  }

  #broken(invariant: string, what: string): void {
    this.violation ??= { invariant, what };
  }
}

function isSame({ value }: KeyValue, { generation, digest }: ConfigRecord): boolean {
  const found = decodeConfig(value);
  return !('foreign' in found) && found.generation === generation && found.digest === digest;
}

function keyOf({ env, id }: Ref): string {
  return `${env}/${id}`;
}

/** A host with one of the disks that it has had. */
function placeOf(host: AgentHost, disk: number = host.disk): string {
  return `${hostKey(host)} disk ${disk}`;
}

function hostKey({ env, name }: AgentHost): string {
  return `${env}/${name}`;
}

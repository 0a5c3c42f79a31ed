import { decodeStatus, type KeyRef } from '#libs/keyspace';
import type { ConfigRef } from '../domain/completion.ts';
import { situationOf } from '../domain/completion.ts';
import type { ConfigEntry } from '../domain/config-entry.ts';
import type { Environment } from '../domain/environment.ts';
import type { Facts } from '../domain/facts.ts';
import type { View } from '../domain/view.ts';
import type { ViewEvent } from '../domain/view-event.ts';
import type { ViewWatcher } from '../domain/view-watcher.ts';
import {
  memberStep,
  type Presence,
  presenceOf,
  reportStep,
  type Said,
  type Step,
  saidOf,
} from './agent-steps.ts';
import { stateStep, targetSteps, type Wanted } from './config-steps.ts';
import type { Observed, Settled } from './history-event.ts';

/** What is told of a state is checked with MySQL afterwards. */
const VIEW_ONLY: Facts = {
  ...{ unknownReason: undefined, acceptedKnown: true, accepted: undefined },
  minAgents: 1,
};

/** Takes what was observed; called within a change of the view, so it has to be quick. */
export type ObservedSink = (observed: Observed) => void;

/** Where and when a step was seen. */
interface Place {
  readonly view: View;
  readonly revision: number;
}

/**
 * Turns changes of the view into events, each revision as a whole: never what stood in etcd at the
 * first list. Between two lists it finds what became of members and configs, not single reports.
 */
export class EventSource implements ViewWatcher {
  readonly #sink: ObservedSink;
  readonly #isInDoubt: (view: View) => boolean;
  readonly #now: () => number;
  /** What this revision touched, as it was before. */
  readonly #members = new Map<string, { env: string; name: string; before: Presence }>();
  readonly #configs = new Map<string, ConfigRef & { before: Wanted }>();
  readonly #envs = new Set<string>();
  #all = false;
  #revision = 0;
  #said: Said | undefined;

  /** `isInDoubt`: whether what the view shows is not to be trusted, READY or not. */
  constructor(deps: {
    sink: ObservedSink;
    isInDoubt: (view: View) => boolean;
    now: () => number;
  }) {
    const { sink, isInDoubt, now } = deps;
    this.#sink = sink;
    this.#isInDoubt = isInDoubt;
    this.#now = now;
  }

  before(ref: KeyRef, event: ViewEvent, view: View): void {
    const revision = Number(event.type === 'put' ? event.kv.modRevision : event.modRevision);
    if (revision !== this.#revision) this.#flush(view);
    this.#revision = revision;
    switch (ref.kind) {
      case 'agent':
      case 'roster': {
        const { env, name } = ref;
        this.#envs.add(env);
        const key = `${env}/${name}`;
        if (this.#members.has(key)) return;
        const before = presenceOf(view.env(env)?.member(name));
        this.#members.set(key, { env, name, before });
        return;
      }
      case 'config':
      case 'tombstone':
      case 'status': {
        const entry = view.env(ref.env)?.entries.get(ref.id);
        this.#touch(ref, entry);
        if (ref.kind !== 'status') return;
        this.#said = saidOf(entry?.statuses, view.env(ref.env)?.member(ref.agent));
        return;
      }
      case 'epoch':
      case 'ready':
      case 'pass':
        this.#all = true;
        return;
      default:
      // Services beat all the time: that touches no state.
    }
  }

  after(ref: KeyRef, event: ViewEvent, view: View): void {
    const before = this.#said;
    this.#said = undefined;
    if (ref.kind !== 'status' || !before || event.type !== 'put') return;
    const env = view.env(ref.env);
    const entry = env?.entries.get(ref.id);
    const after = saidOf(entry?.statuses, env?.member(ref.agent));
    const step = reportStep(before, after, () => {
      return decodeStatus(event.kv.value)?.last_attempt?.reason;
    });
    if (!step) return;
    // A report of an older generation follows from another write than the one in etcd.
    const isCurrent = entry?.config?.generation === step.generation;
    const traceparent = isCurrent ? entry.config.traceparent : '';
    const { env: envName, id, agent } = ref;
    const place = { view, revision: this.#revision };
    this.#tell(step, { env: envName, id, agent, traceparent }, place);
  }

  end(view: View): void {
    this.#flush(view);
  }

  /** Nothing is told of the first list. */
  listed(view: View, before: View | undefined): void {
    const place = { view, revision: Number(view.revision) };
    for (const env of view.envs) {
      const old = before?.env(env.name);
      if (before) this.#compareMembers(env, old, place);
      for (const entry of env.entries.values()) {
        const was = old?.entries.get(entry.id);
        const isNew = before !== undefined && was?.milestones !== entry.milestones;
        if (isNew) this.#compareTargets({ env: env.name, entry, was }, place);
        this.#tellState({ env: env.name, id: entry.id }, place, isNew);
      }
    }
    if (!before) return;
    for (const { name, members } of before.envs) {
      if (view.env(name)) continue;
      for (const member of members) {
        const step = memberStep(presenceOf(member), presenceOf(undefined));
        if (step) this.#tell(step, { env: name, agent: member.name, traceparent: '' }, place);
      }
    }
  }

  #compareMembers(env: Environment, old: Environment | undefined, place: Place): void {
    const names = new Set([...(old?.members ?? []), ...env.members].map(({ name }) => name));
    for (const name of names) {
      const step = memberStep(presenceOf(old?.member(name)), presenceOf(env.member(name)));
      if (step) this.#tell(step, { env: env.name, agent: name, traceparent: '' }, place);
    }
  }

  /** What is the same has the milestones of before: each view has its own numbers for digests. */
  #compareTargets(
    { env, entry, was }: { env: string; entry: ConfigEntry; was: ConfigEntry | undefined },
    place: Place,
  ): void {
    const before = { target: was?.target, told: was?.milestones.told };
    this.#tellTarget({ env, id: entry.id }, entry, before, place);
  }

  #touch({ env, id }: ConfigRef, entry: ConfigEntry | undefined): void {
    const key = `${env}/${id}`;
    if (this.#configs.has(key)) return;
    const before = { target: entry?.target, told: entry?.milestones.told };
    this.#configs.set(key, { env, id, before });
  }

  /** The revision is whole: tells what it made of members, targets and states. */
  #flush(view: View): void {
    const place = { view, revision: this.#revision };
    for (const { env, name, before } of this.#members.values()) {
      const step = memberStep(before, presenceOf(view.env(env)?.member(name)));
      if (step) this.#tell(step, { env, agent: name, traceparent: '' }, place);
    }
    for (const { before, ...ref } of this.#configs.values()) {
      const entry = view.env(ref.env)?.entries.get(ref.id);
      if (entry) this.#tellTarget(ref, entry, before, place);
    }
    this.#tellStates(place);
    this.#members.clear();
    this.#configs.clear();
    this.#envs.clear();
    this.#all = false;
  }

  #tellStates(place: Place): void {
    const { view } = place;
    const envs = this.#all ? [...view.envs].map(({ name }) => name) : this.#envs;
    for (const env of envs) {
      for (const id of view.env(env)?.entries.keys() ?? []) this.#tellState({ env, id }, place);
    }
    if (this.#all) return;
    for (const { env, id } of this.#configs.values()) {
      if (!this.#envs.has(env)) this.#tellState({ env, id }, place);
    }
  }

  #tellTarget(ref: ConfigRef, entry: ConfigEntry, before: Wanted, place: Place): void {
    const traceparent = entry.target?.deleted ? '' : (entry.config?.traceparent ?? '');
    for (const step of targetSteps(before, entry.target)) {
      // The one before came by another write.
      const isOwn = step.type !== 'SUPERSEDED';
      this.#tell(step, { ...ref, traceparent: isOwn ? traceparent : '' }, place);
    }
  }

  /** `isNew`: a list has found this target. */
  #tellState(ref: ConfigRef, place: Place, isNew = false): void {
    const { view } = place;
    const env = view.env(ref.env);
    const entry = env?.entries.get(ref.id);
    if (!env || !entry?.target || !view.isReady || this.#isInDoubt(view)) return;
    const situation = situationOf(view, ref, VIEW_ONLY);
    const { milestones, target, config } = entry;
    const { told, publishedAtMs } = milestones;
    if (!situation || situation.state === told) return;
    milestones.told = situation.state;
    // What was there at the first list is told of only when it changes.
    if (told === undefined && publishedAtMs === undefined && !isNew) return;
    const step = stateStep(situation);
    if (!step) return;
    const { digest, counts } = situation;
    const forgottenAtMs = env
      .forgottenSince(target.deleted ? undefined : config?.acceptedAtMs)
      .map((member) => member.forgottenAtMs ?? Number.NaN);
    const traceparent = target.deleted ? '' : (config?.traceparent ?? '');
    this.#tell(step, { ...ref, traceparent }, place, { digest, counts, forgottenAtMs });
  }

  #tell(
    step: Step,
    about: { env: string; id?: string; agent?: string; traceparent: string },
    { view, revision }: Place,
    settled?: Settled,
  ): void {
    const { env, id, agent, traceparent } = about;
    const event = {
      ...{ ...step, env, id, agent, revision },
      ...{ atMs: this.#now(), epoch: view.epoch ?? 0 },
    };
    this.#sink({ event, traceparent, settled });
  }
}

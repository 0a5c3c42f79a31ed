// The answers of the services in words and as plain values for programs: no enum prefixes, times as
// ISO 8601 in UTC, contents as objects.

import { dateFromTimestamp, objectFromStruct } from '#libs/grpc';
import type {
  AgentInfo,
  Blocker,
  Completion,
  CompletionCounts,
  ControllerInfo,
  EnvironmentStatus,
  IngressConfig,
} from '#proto';
import type { Entry } from './printer.ts';
import { plainReceipt } from './receipt-words.ts';
import { timeText, withoutPrefix } from './values.ts';

/** Blockers named below one row; the rest is a number. */
const BLOCKERS_SHOWN_MAX = 10;

export const CONFIG_HEADER = ['ENV', 'ID', 'GENERATION', 'STATE', 'ACCEPTED', 'ACTOR', 'LABELS'];

export function configEntry(config: IngressConfig): Entry {
  const { env, id, generation, deleted, actor, labels } = config;
  const state = deleted ? 'DELETED' : withoutPrefix(config.publishState, 'PUBLISH_STATE_');
  const labelText = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return {
    plain: plainConfig(config),
    row: [env, id, `${generation}`, state, timeText(config.acceptTime), actor, labelText.join(',')],
  };
}

/** A config for programs; with its content when the answer has it. */
export function plainConfig(config: IngressConfig): object {
  const { env, id, generation, publishState, completionPolicy, acceptTime, ...more } = config;
  const { config: struct, configJson, ...rest } = more;
  const content: unknown = configJson ? JSON.parse(configJson) : struct && objectFromStruct(struct);
  return {
    ...{ env, id, generation },
    ...rest,
    publishState: withoutPrefix(publishState, 'PUBLISH_STATE_'),
    completionPolicy: withoutPrefix(completionPolicy, 'COMPLETION_POLICY_'),
    acceptTime: acceptTime && dateFromTimestamp(acceptTime).toISOString(),
    ...(content ? { config: content } : {}),
  };
}

export const COMPLETION_HEADER = ['ENV', 'ID', 'GENERATION', 'STATE', 'AGENTS', 'REVISION'];

/** A completion with who blocks below it. */
export function completionEntry(completion: Completion): Entry {
  const { env, id, generation, counts, asOfRevision, blockers, blockersTotal } = completion;
  const shown = blockers.slice(0, BLOCKERS_SHOWN_MAX).map(blockerText);
  const more = blockersTotal - shown.length;
  return {
    plain: plainCompletion(completion),
    row: [env, id, `${generation}`, stateOf(completion), countsText(counts), `${asOfRevision}`],
    below: [
      ...(completion.unknownReason === '' ? [] : [completion.unknownReason]),
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
  };
}

export function plainCompletion(completion: Completion): object {
  const { state, blockers, lag, receipt, ...rest } = completion;
  return {
    ...rest,
    ...(receipt ? { receipt: plainReceipt(receipt) } : {}),
    state: stateOf({ state }),
    lagMs: lag ? lag.seconds * 1000 + lag.nanos / 1e6 : null,
    blockers: blockers.map((blocker) => ({
      ...blocker,
      since: blocker.since && dateFromTimestamp(blocker.since).toISOString(),
    })),
  };
}

/** The state without its prefix. */
export function stateOf({ state }: Pick<Completion, 'state'>): string {
  return withoutPrefix(state, 'COMPLETION_STATE_');
}

/** `9/10 done, 1 lost`: only what there is. */
export function countsText(counts: CompletionCounts | null): string {
  if (!counts) return '';
  const { expected, done, progressing, failed, lost, forgotten } = counts;
  const others = [
    [progressing, 'progressing'],
    [failed, 'failed'],
    [lost, 'lost'],
    [forgotten, 'forgotten'],
  ] as const;
  const rest = others.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [`${done}/${expected} done`, ...rest].join(', ');
}

/** A blocker in one line. */
export function blockerText({ agent, reason, message, since }: Blocker): string {
  const sinceText = since ? `since ${timeText(since)}` : '';
  return [agent, reason, message, sinceText].filter((part) => part !== '').join('  ');
}

/** `env 10  61/122 applied, 1 failed (agent-7: host not found), 2 lost`. */
export function progressText({ env, id, counts, blockers }: Completion): string {
  const { expected = 0, done = 0, failed = 0, lost = 0 } = counts ?? {};
  const worst = blockers.find(({ reason }) => /^(FAILED|REJECTED|ROLLED_BACK)$/.test(reason));
  const cause = worst ? ` (${worst.agent}: ${worst.message})` : '';
  const parts = [
    `${done}/${expected} applied`,
    ...(failed > 0 ? [`${failed} failed${cause}`] : []),
    ...(lost > 0 ? [`${lost} lost`] : []),
  ];
  return `env ${env}  ${id}  ${parts.join(', ')}`;
}

export const AGENT_HEADER = [
  'ENV',
  'NAME',
  'STATE',
  'IP',
  'DRIVER',
  'VERSION',
  'SYNCED',
  'STARTED',
];

export function agentEntry(agent: AgentInfo): Entry {
  const { env, name, ip, driver, version, synced, startTime, lostSince } = agent;
  const state = withoutPrefix(agent.state, 'AGENT_STATE_');
  const syncedText = synced ? `epoch ${synced.epoch}` : 'no';
  return {
    plain: {
      ...agent,
      state,
      startTime: startTime && dateFromTimestamp(startTime).toISOString(),
      joinTime: agent.joinTime && dateFromTimestamp(agent.joinTime).toISOString(),
      lostSince: lostSince && dateFromTimestamp(lostSince).toISOString(),
    },
    row: [env, name, state, ip, driver, version, syncedText, timeText(startTime)],
    below: lostSince ? [`lost since ${timeText(lostSince)}`] : [],
  };
}

export const CONTROLLER_HEADER = ['NAME', 'IP', 'PORT', 'VERSION', 'STARTED'];

export function controllerEntry(controller: ControllerInfo): Entry {
  const { name, ip, grpcPort, version, startTime } = controller;
  return {
    plain: { ...controller, startTime: startTime && dateFromTimestamp(startTime).toISOString() },
    row: [name, ip, `${grpcPort}`, version, timeText(startTime)],
  };
}

export const ENVIRONMENT_HEADER = ['ENV', 'LIVE', 'LOST', 'MIN', 'CONFIGS'];

export function environmentEntry(environment: EnvironmentStatus): Entry {
  const { env, live, lost, minAgents, lostAgents } = environment;
  const states = environment.states.map(({ state, count }) => ({
    state: stateOf({ state }),
    count,
  }));
  const text = states.map(({ state, count }) => `${count} ${state}`).join(', ');
  return {
    plain: { ...environment, states },
    row: [env, `${live}`, `${lost}`, `${minAgents}`, text],
    below: lostAgents.length > 0 ? [`lost: ${lostAgents.join(', ')}`] : [],
  };
}

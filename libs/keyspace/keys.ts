// Every key under /ingress/. Prefixes end in "/", so that env1 never matches env10.

import { CONFIG_ID, isConfigId, isName, NAME } from './names.ts';

export const ROOT = '/ingress/';
export const CONFIG_PREFIX = '/ingress/ingress_config/';
export const TOMBSTONE_PREFIX = '/ingress/ingress_tombstone/';
export const STATUS_PREFIX = '/ingress/ingress_config_status/';
export const META_PREFIX = '/ingress/ingress_meta/';
export const AGENT_PREFIX = '/ingress/agent/';
export const ROSTER_PREFIX = '/ingress/roster/';
export const CONTROLLER_PREFIX = '/ingress/controller/';
export const AGGREGATOR_PREFIX = '/ingress/aggregator/';
const RESUME_PREFIX = '/ingress/ingress_meta/resume_removals/';

export const EPOCH_KEY = '/ingress/ingress_meta/epoch';
export const READY_KEY = '/ingress/ingress_meta/ready';
export const PASS_KEY = '/ingress/ingress_meta/pass';

export const configPrefix = (env: string): string => `${CONFIG_PREFIX}${env}/`;
export const configKey = (env: string, id: string): string => `${CONFIG_PREFIX}${env}/${id}`;
export const tombstonePrefix = (env: string): string => `${TOMBSTONE_PREFIX}${env}/`;
export const tombstoneKey = (env: string, id: string): string => `${TOMBSTONE_PREFIX}${env}/${id}`;
export const statusPrefix = (env: string, id: string): string => `${STATUS_PREFIX}${env}/${id}/`;
export const statusKey = (env: string, id: string, agent: string): string =>
  `${STATUS_PREFIX}${env}/${id}/${agent}`;
export const agentPrefix = (env: string): string => `${AGENT_PREFIX}${env}/`;
export const agentKey = (env: string, name: string): string => `${AGENT_PREFIX}${env}/${name}`;
export const rosterPrefix = (env: string): string => `${ROSTER_PREFIX}${env}/`;
export const rosterKey = (env: string, name: string): string => `${ROSTER_PREFIX}${env}/${name}`;
export const controllerKey = (name: string): string => `${CONTROLLER_PREFIX}${name}`;
export const aggregatorKey = (name: string): string => `${AGGREGATOR_PREFIX}${name}`;
export const resumeRemovalsKey = (env: string): string => `${RESUME_PREFIX}${env}`;

/** What a key under /ingress/ names. */
export type KeyRef =
  | { kind: 'config'; env: string; id: string }
  | { kind: 'tombstone'; env: string; id: string }
  | { kind: 'status'; env: string; id: string; agent: string }
  | { kind: 'epoch' }
  | { kind: 'ready' }
  | { kind: 'pass' }
  | { kind: 'resume_removals'; env: string }
  | { kind: 'agent'; env: string; name: string }
  | { kind: 'roster'; env: string; name: string }
  | { kind: 'controller'; name: string }
  | { kind: 'aggregator'; name: string };

/** Most keys are statuses: they are read in one pass. */
const STATUS_KEY = new RegExp(`^${STATUS_PREFIX}(${NAME})/(${CONFIG_ID})/(${NAME})$`);

/** What `key` names, or undefined for a foreign key. Never throws. */
export function parseKey(key: string): KeyRef | undefined {
  if (key.startsWith(STATUS_PREFIX)) return parseStatusKey(key);
  if (!key.startsWith(ROOT)) return undefined;
  const [folder, ...names] = key.slice(ROOT.length).split('/');
  const [a = '', b = ''] = names;
  const parts = names.length;
  switch (folder) {
    case 'ingress_config':
      return parts === 2 && isName(a) && isConfigId(b)
        ? { kind: 'config', env: a, id: b }
        : undefined;
    case 'ingress_tombstone':
      return parts === 2 && isName(a) && isConfigId(b)
        ? { kind: 'tombstone', env: a, id: b }
        : undefined;
    case 'ingress_meta':
      return parseMeta(parts, a, b);
    case 'agent':
    case 'roster':
      return parts === 2 && isName(a) && isName(b) ? { kind: folder, env: a, name: b } : undefined;
    case 'controller':
    case 'aggregator':
      return parts === 1 && isName(a) ? { kind: folder, name: a } : undefined;
    default:
      return undefined;
  }
}

function parseStatusKey(key: string): KeyRef | undefined {
  const [, env, id, agent] = STATUS_KEY.exec(key) ?? [];
  if (env === undefined || id === undefined || agent === undefined) return undefined;
  return key.includes('..') ? undefined : { kind: 'status', env, id, agent };
}

function parseMeta(parts: number, a: string, b: string): KeyRef | undefined {
  if (parts === 2 && a === 'resume_removals' && isName(b)) return { kind: a, env: b };
  if (parts === 1 && (a === 'epoch' || a === 'ready' || a === 'pass')) return { kind: a };
  return undefined;
}

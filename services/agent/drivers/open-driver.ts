import { join } from 'node:path';
import type { Driver } from './driver.ts';
import { openExecDriver } from './exec/exec-driver.ts';
import { execOptions, execProblems } from './exec/exec-options.ts';
import { openFileDriver } from './file/file-driver.ts';
import { fileAccess, fileProblems, isMerged } from './file/file-options.ts';
import { openMergedDriver } from './file/merged-driver.ts';
import { kubernetesOptions, kubernetesProblems } from './kubernetes/kubernetes-options.ts';
import { nginxOptions, nginxProblems } from './nginx/nginx-options.ts';
import { createNoopDriver } from './noop/noop-driver.ts';

export type DriverOptions = Readonly<Record<string, string>>;

interface DriverKind {
  /** What is wrong with the options, one sentence each. */
  problems(options: DriverOptions): readonly string[];
  open(options: DriverOptions, place: AgentPlace): Promise<Driver>;
}

/** The agent that opens a driver. */
export interface AgentPlace {
  readonly env: string;
  /** Directory below which a driver keeps what is its own. */
  readonly stateDir: string;
}

/** Longest wait that the noop driver may be told: the deadline of a driver's call is above it. */
const NOOP_DELAY_MAX_MS = 8_000;

const KINDS: Readonly<Record<string, DriverKind>> = {
  exec: {
    problems: execProblems,
    open: (options, { stateDir }) => openExecDriver(execOptions(options, join(stateDir, 'exec'))),
  },
  file: {
    problems: fileProblems,
    open: (options, { stateDir }) => {
      const access = fileAccess(options);
      // Each layout would take the other's files for configs.
      const dir = options['dir'] ?? join(stateDir, isMerged(options) ? 'merged' : 'configs');
      return isMerged(options)
        ? openMergedDriver({ dir, access })
        : openFileDriver({ dir, access });
    },
  },
  kubernetes: {
    problems: kubernetesProblems,
    open: async (options, { env, stateDir }) => {
      // Its client library is large: only who uses it pays for it.
      const { openKubernetesDriver } = await import('./kubernetes/kubernetes-driver.ts');
      const dir = join(stateDir, 'kubernetes');
      return await openKubernetesDriver(kubernetesOptions(options, { dir, env }));
    },
  },
  nginx: {
    problems: nginxProblems,
    open: async (options, { stateDir }) => {
      const { openNginxDriver } = await import('./nginx/nginx-driver.ts');
      return await openNginxDriver(nginxOptions(options, join(stateDir, 'nginx')));
    },
  },
  noop: {
    problems: (options) => [...unknownOptions(options, ['delay_ms']), ...badDelay(options)],
    open: async (options) => createNoopDriver({ delayMs: Number(options['delay_ms'] ?? 0) }),
  },
};

/** Names of the drivers. */
export const DRIVER_NAMES: readonly string[] = Object.keys(KINDS);

/** What is wrong with a driver's name and options, one sentence each; empty when they are good. */
export function driverProblems(name: string, options: DriverOptions): readonly string[] {
  const kind = KINDS[name];
  if (!kind) return [`--driver: must be one of ${DRIVER_NAMES.join(', ')}, not "${name}"`];
  return kind.problems(options);
}

/** Opens a driver whose name and options have no problems. */
export async function openDriver(
  name: string,
  options: DriverOptions,
  place: AgentPlace,
): Promise<Driver> {
  const kind = KINDS[name];
  if (!kind) throw new RangeError(`no driver ${name}`);
  return await kind.open(options, place);
}

function unknownOptions(options: DriverOptions, known: readonly string[]): string[] {
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => `--driver-option: the driver has no option "${key}", only ${known.join(', ')}`);
}

function badDelay(options: DriverOptions): string[] {
  const delayMs = Number(options['delay_ms'] ?? 0);
  return delayMs >= 0 && delayMs <= NOOP_DELAY_MAX_MS
    ? []
    : [`--driver-option: delay_ms must be a number from 0 to ${NOOP_DELAY_MAX_MS}`];
}

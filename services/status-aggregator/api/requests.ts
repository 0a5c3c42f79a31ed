import { type FieldViolation, invalidArgument } from '#libs/grpc';
import { CONFIG_ID_RULE, isConfigId, isCounter, isName, NAME_RULE } from '#libs/keyspace';
import type {
  CompletionState as CompletionStateMessage,
  ReadAfter as ReadAfterMessage,
  WaitForCompletionRequest,
} from '#proto';
import type { CompletionState, ConfigRef } from '../domain/completion.ts';
import type { ReadAfter } from '../domain/read-after.ts';

/** Environments of one wait. */
const WAIT_ENVS_MAX = 1_000;
const ANY_ENV = '-';

/** Throws INVALID_ARGUMENT with every violation, when there is one. */
export function passed(violations: readonly FieldViolation[]): void {
  if (violations.length > 0) throw invalidArgument(violations);
}

export function envViolations(env: string, field = 'env'): FieldViolation[] {
  return isName(env) ? [] : [{ field, description: NAME_RULE }];
}

export function idViolations(id: string): FieldViolation[] {
  return isConfigId(id) ? [] : [{ field: 'id', description: CONFIG_ID_RULE }];
}

export function checkRef({ env, id }: ConfigRef): FieldViolation[] {
  return [...envViolations(env), ...idViolations(id)];
}

/** The environment of a list, undefined for all. */
export function envOfList(env: string): string | undefined {
  if (env === ANY_ENV) return undefined;
  passed(isName(env) ? [] : [{ field: 'env', description: `${NAME_RULE}; or "-" for all` }]);
  return env;
}

export function afterViolations(after: ReadAfterMessage | null): FieldViolation[] {
  if (!after) return [];
  return (['epoch', 'revision', 'generation'] as const).flatMap((name) =>
    isCounter(after[name])
      ? []
      : [{ field: `after.${name}`, description: 'must be a counter from 0 to 2^53 - 1' }],
  );
}

/** A write to read after; undefined for none. */
export function afterOf(after: ReadAfterMessage | null): ReadAfter | undefined {
  return after ?? undefined;
}

/** The states of a filter. */
export function statesOf(states: readonly CompletionStateMessage[]): Set<CompletionState> {
  const short = states.map((state) => state.slice('COMPLETION_STATE_'.length));
  if (short.includes('UNSPECIFIED')) {
    passed([{ field: 'states', description: 'must not be unspecified' }]);
  }
  return new Set(short as CompletionState[]);
}

export function waitViolations(request: WaitForCompletionRequest): FieldViolation[] {
  const { envs, id, generation, after } = request;
  const isOne = envs.length === 1 && envs[0] !== ANY_ENV;
  const violations = [...idViolations(id), ...afterViolations(after)];
  if (envs.length === 0 || envs.length > WAIT_ENVS_MAX) {
    violations.push({ field: 'envs', description: `must be 1 to ${WAIT_ENVS_MAX}` });
  }
  if (!isEveryEnv(request)) {
    for (const [index, env] of envs.entries()) {
      violations.push(...envViolations(env, `envs[${index}]`));
    }
  }
  if (!isCounter(generation) || (!isOne && generation !== 0)) {
    const description = 'must be 0 with several environments, and never negative';
    violations.push({ field: 'generation', description });
  }
  if (request.agent !== '' && !(isOne && isName(request.agent))) {
    const description = `goes with one environment only, and ${NAME_RULE}`;
    violations.push({ field: 'agent', description });
  }
  if (after && !isOne) {
    violations.push({ field: 'after', description: 'goes with one environment only' });
  }
  return violations;
}

/** The agent that a wait is for alone. */
export function agentOf({ agent }: Pick<WaitForCompletionRequest, 'agent'>): string | undefined {
  return agent === '' ? undefined : agent;
}

/** Whether a wait is for every environment that has the config. */
export function isEveryEnv({ envs }: Pick<WaitForCompletionRequest, 'envs'>): boolean {
  return envs.length === 1 && envs[0] === ANY_ENV;
}

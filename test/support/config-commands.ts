import { digestOf } from '#libs/keyspace';
import type { SetCommand } from '#services/controller/store/write-plan.ts';

/** A command that sets `{"v": value}` in environment 1, with anything overridden. */
export function setCommand(
  id: string,
  value: number,
  overrides: Partial<SetCommand> = {},
): SetCommand {
  const content = `{"v":${value}}`;
  const completionPolicy = overrides.completionPolicy ?? 'APPLIED';
  return {
    env: '1',
    id,
    content,
    digest: digestOf(content, completionPolicy),
    labels: {},
    completionPolicy,
    bodyDigest: `${id}:${value}`,
    actor: 'tester',
    note: '',
    traceparent: '',
    ...overrides,
  };
}

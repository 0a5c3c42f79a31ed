// What the definitions of the commands have in common.

import { type Command, InvalidArgumentError } from 'commander';
import { address } from '#libs/config';
import type { CommandContext } from './command-context.ts';
import type { EndpointFlags } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Format } from './output/printer.ts';

/** The flags of every command. */
export interface GlobalFlags extends EndpointFlags {
  output: Format;
  context?: string;
}

/** What a command does. */
export type Action = (context: CommandContext) => Promise<ExitCode>;

/** Runs a command with what it needs. */
export type Run = (flags: GlobalFlags, action: Action) => Promise<void>;

export const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 usage, 3 superseded, 4 failed on an agent, 5 timed out.`;

export function withWait(command: Command): Command {
  return withTimeout(command.option('--wait', 'wait until every live agent has executed it'));
}

export function withTimeout(command: Command): Command {
  return command
    .option('--timeout <seconds>', 'longest wait', seconds, 300)
    .option('--no-exceptions', 'lost agents are waited for, too');
}

export function counter(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a number from 0');
  return Number(text);
}

export function count(text: string): number {
  const value = counter(text);
  if (value === 0 || value > 1_000_000) throw new InvalidArgumentError('must be 1 to 1000000');
  return value;
}

export function hostPort(text: string): string {
  try {
    return address(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'must be host:port');
  }
}

export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('must be 0 to 86400 seconds');
  return value;
}

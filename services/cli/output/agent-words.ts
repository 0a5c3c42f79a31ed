// What agents say, in words and as plain values for programs.

import { dateFromTimestamp } from '#libs/grpc';
import type {
  AgentAnswers,
  AppliedConfig,
  Attempt,
  GetAgentResponse,
  WatchEventsResponse,
} from '#proto';
import type { Entry } from './printer.ts';
import { timeText, withoutPrefix } from './values.ts';

/** Agents named below one row; the rest is a number. */
const VERDICTS_SHOWN_MAX = 10;

/** `2/3 valid, 1 unanswered`, and whether that was a choice of more. */
export function answersText({ verdicts, liveAgents }: AgentAnswers): string {
  if (liveAgents === 0) return 'no live agent';
  const others = (['REJECTED', 'UNCERTAIN', 'UNANSWERED'] as const).flatMap((word) => {
    const count = verdicts.filter(({ verdict }) => verdict === `VERDICT_${word}`).length;
    return count > 0 ? [`${count} ${word.toLowerCase()}`] : [];
  });
  const valid = verdicts.filter(({ verdict }) => verdict === 'VERDICT_VALID').length;
  const isChoice = verdicts.length < liveAgents;
  const asked = `${valid}/${verdicts.length} valid`;
  return [isChoice ? `${asked} (chosen out of ${liveAgents})` : asked, ...others].join(', ');
}

/** Who did not say yes, and why. */
export function refusalLines({ verdicts }: AgentAnswers): string[] {
  const refusals = verdicts.filter(({ verdict }) => verdict !== 'VERDICT_VALID');
  const shown = refusals.slice(0, VERDICTS_SHOWN_MAX).map(({ agent, verdict, reason, message }) => {
    return [agent, withoutPrefix(verdict, 'VERDICT_'), reason, message].join('  ');
  });
  const more = refusals.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

export function plainAnswers({ verdicts, liveAgents }: AgentAnswers): object {
  const plain = verdicts.map((each) => ({
    ...each,
    verdict: withoutPrefix(each.verdict, 'VERDICT_'),
  }));
  return { liveAgents, verdicts: plain };
}

/** Who an agent is, in one line. */
export function agentText(agent: GetAgentResponse): string {
  const { env, name, driver, version, registered, synced, appliedCount, heldRemovalsTotal } = agent;
  const parts = [
    registered ? 'registered' : 'NOT REGISTERED',
    synced ? `synced with epoch ${synced.epoch}` : 'not synced',
    `${appliedCount} in force`,
    ...(heldRemovalsTotal > 0 ? [`${heldRemovalsTotal} removals held`] : []),
  ];
  return `${env}/${name}  driver ${driver}, version ${version}: ${parts.join(', ')}`;
}

export function plainAgent(agent: GetAgentResponse): object {
  const { startTime, controllers, heldRemovals, ...rest } = agent;
  return {
    ...rest,
    startTime: isoText(startTime),
    controllers: controllers.map(({ name }) => name),
    heldRemovals: heldRemovals.map(({ id, reason, since }) => ({
      ...{ id, reason, since: isoText(since) },
    })),
  };
}

export const APPLIED_HEADER = ['ID', 'PHASE', 'GENERATION', 'PROOF', 'APPLIED', 'TRIED'];

/** What an agent knows of one config, with why the last try failed below it. */
export function appliedEntry(config: AppliedConfig): Entry {
  const { id, applied, lastAttempt } = config;
  const { phase, proof } = plainApplied(config);
  const tried = lastAttempt ? `${lastAttempt.generation} ${lastAttempt.result}` : '';
  const isFailed = lastAttempt !== null && lastAttempt.result !== 'ok';
  return {
    plain: plainApplied(config),
    row: [id, phase, `${applied?.generation ?? ''}`, proof, timeText(applied?.time ?? null), tried],
    below: isFailed ? [`${lastAttempt.reason}  ${lastAttempt.message}`] : [],
  };
}

export function plainApplied({ id, phase, applied, lastAttempt, proof }: AppliedConfig) {
  return {
    id,
    phase: withoutPrefix(phase, 'AGENT_PHASE_'),
    applied: applied && { ...applied, time: isoText(applied.time) },
    lastAttempt: lastAttempt && plainAttempt(lastAttempt),
    proof: proof === 'PROOF_UNSPECIFIED' ? '' : withoutPrefix(proof, 'PROOF_'),
  };
}

export const ATTEMPT_HEADER = ['GENERATION', 'RESULT', 'TRY', 'TIME', 'TOOK', 'REASON'];

export function attemptEntry(attempt: Attempt): Entry {
  const { generation, result, attempts, time, reason, message } = attempt;
  const took = tookText(attempt);
  return {
    plain: plainAttempt(attempt),
    row: [`${generation}`, result, `${attempts}`, timeText(time), took, reason],
    below: message === '' ? [] : [message],
  };
}

/** An event in one line. */
export function eventLine(event: WatchEventsResponse): string {
  const { type, time, id, generation, attempt } = event;
  const about = id === '' ? '' : `${id} ${generation}`;
  const outcome = attempt ? [attempt.reason, attempt.message, tookText(attempt)] : [];
  const words = [timeText(time), withoutPrefix(type, 'TYPE_'), about, ...outcome];
  return words.filter((word) => word !== '').join('  ');
}

export function plainEvent({ type, time, id, generation, attempt, dropped }: WatchEventsResponse) {
  return {
    ...{ type: withoutPrefix(type, 'TYPE_'), time: isoText(time), id, generation, dropped },
    attempt: attempt && plainAttempt(attempt),
  };
}

function plainAttempt({ time, took, ...rest }: Attempt): object {
  return { ...rest, time: isoText(time), ...(took && { tookMs: millisOf(took) }) };
}

function tookText({ took }: Attempt): string {
  return took ? `${Math.round(millisOf(took))} ms` : '';
}

function millisOf({ seconds, nanos }: NonNullable<Attempt['took']>): number {
  return seconds * 1000 + nanos / 1e6;
}

function isoText(time: Attempt['time']): string | null {
  return time && dateFromTimestamp(time).toISOString();
}

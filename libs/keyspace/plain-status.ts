// A status as `encodeStatus` writes it, read in one pass: a third of what JSON.parse and the schema take,
// and an aggregator reads a million of them when it starts. Whatever looks otherwise, be it a text
// with an escape or a counter of 16 digits, is for the schema to judge: nothing is refused here.

import {
  type AgentPhase,
  type AttemptSlot,
  MESSAGE_LENGTH_MAX,
  PHASES,
  PROOF_LEVELS,
  type ProofLevel,
  RESULTS,
  type StatusValue,
} from './status-schema.ts';

/** Characters that JSON holds as they are. */
const TEXT = '"([^"\\\\\\x00-\\x1f]*)"';
/** Every number of 15 digits is a counter. */
const COUNTER = '(0|[1-9][0-9]{0,14})';
const oneOf = (texts: readonly string[]) => `"(${texts.join('|')})"`;
const orNull = (fields: string) => `(?:null|\\{${fields}\\})`;

const VERSION = `"generation":${COUNTER},"digest":${TEXT}`;
const APPLIED = `${VERSION},"at":${TEXT}`;
const OUTCOME = `"result":${oneOf(RESULTS)},"reason":${TEXT},"message":${TEXT}`;
const ATTEMPT = `${VERSION},${OUTCOME},"attempts":${COUNTER},"final":(true|false),"at":${TEXT}`;
const PROOF = `"level":${oneOf(PROOF_LEVELS)},"method":${TEXT}`;
const HEAD = `"instance":${TEXT},"epoch":${COUNTER},"phase":${oneOf(PHASES)}`;
const SLOTS = `"applied":${orNull(APPLIED)},"last_attempt":${orNull(ATTEMPT)}`;
const STATUS = new RegExp(
  `^\\{${HEAD},${SLOTS},"proof":${orNull(PROOF)},"traceparent":${TEXT}\\}$`,
);

/** The groups of STATUS; those of a slot that is null are undefined, all of them. */
type Groups = readonly [
  ...[whole: string, instance: string, epoch: string, phase: AgentPhase],
  ...[generation: string | undefined, digest: string, at: string],
  ...[tried: string | undefined, triedDigest: string, result: AttemptSlot['result']],
  ...[reason: string, message: string, attempts: string, final: string, triedAt: string],
  ...[level: ProofLevel | undefined, method: string, traceparent: string],
];

/** What the schema makes of `text`, or undefined where this cannot tell. */
export function plainStatus(text: string): StatusValue | undefined {
  const groups = STATUS.exec(text) as unknown as Groups | null;
  if (!groups) return undefined;
  const [
    ,
    instance,
    epoch,
    phase,
    generation,
    digest,
    at,
    tried,
    triedDigest,
    result,
    reason,
    message,
    attempts,
    final,
    triedAt,
    level,
    method,
    traceparent,
  ] = groups;
  if (tried !== undefined && message.length > MESSAGE_LENGTH_MAX) return undefined;
  return {
    ...{ instance, epoch: Number(epoch), phase },
    applied: generation === undefined ? null : { generation: Number(generation), digest, at },
    last_attempt:
      tried === undefined
        ? null
        : {
            ...{ generation: Number(tried), digest: triedDigest, result, reason, message },
            ...{ attempts: Number(attempts), final: final === 'true', at: triedAt },
          },
    proof: level === undefined ? null : { level, method },
    traceparent,
  };
}

// Statuses as agents write them, and what a disk, a person or another program makes of bytes.

import fc, { type Arbitrary } from 'fast-check';
import { COUNTER_MAX } from '../fixed.ts';
import {
  MESSAGE_LENGTH_MAX,
  PHASES,
  PROOF_LEVELS,
  RESULTS,
  type StatusValue,
} from '../status-schema.ts';

const counter = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.integer({ min: 0, max: COUNTER_MAX }),
  fc.constant(COUNTER_MAX),
);

/** `text`: what its texts are. */
export function anyStatus(text: Arbitrary<string>): Arbitrary<StatusValue> {
  return fc.record({
    ...{ instance: text, epoch: counter, traceparent: text },
    phase: fc.constantFrom(...PHASES),
    applied: fc.option(fc.record({ generation: counter, digest: text, at: text })),
    last_attempt: fc.option(
      fc.record({
        ...{ generation: counter, digest: text, reason: text, attempts: counter, at: text },
        result: fc.constantFrom(...RESULTS),
        message: fc.oneof(text, fc.string({ maxLength: MESSAGE_LENGTH_MAX })),
        final: fc.boolean(),
      }),
    ),
    proof: fc.option(fc.record({ level: fc.constantFrom(...PROOF_LEVELS), method: text })),
  });
}

/** What happens to bytes. */
export const damage = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), byte: fc.nat() }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(), byte: fc.nat() }),
);
type Damage = typeof damage extends Arbitrary<infer D> ? D : never;

export function damaged(bytes: Buffer, { kind, at: offset, byte }: Damage): Buffer {
  const at = offset % (bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 'cut') return head;
  if (kind === 'insert') return Buffer.concat([head, Buffer.from([byte]), tail]);
  const others = tail.subarray(1);
  return Buffer.concat(kind === 'drop' ? [head, others] : [head, Buffer.from([byte]), others]);
}

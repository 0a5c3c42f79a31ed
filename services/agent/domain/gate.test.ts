import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateInput, type GatePlan, planConfig } from './gate.ts';
import type { ConfigRecord, ConfigVersion } from './record.ts';

const version = (generation: number, digest = `d${generation}`): ConfigVersion => ({
  generation,
  digest,
  content: `{"g":${generation}}`,
  traceparent: '',
  createdAt: '2026-01-01T00:00:00.000Z',
});
const inForce = (generation: number, digest?: string): ConfigRecord => ({
  applied: {
    ...version(generation, digest),
    at: '2026-01-01T00:00:00.000Z',
    proof: { level: 'APPLIED', method: 'test' },
  },
  attempt: undefined,
  drift: undefined,
});
const attempted: ConfigRecord = { applied: undefined, attempt: undefined, drift: undefined };
const removed = (generation: number) => ({ generation, at: '', tombstone: true });
const nothingKnown: GateInput = {
  desired: undefined,
  foreign: false,
  tombstone: undefined,
  record: undefined,
  tried: undefined,
  removed: undefined,
  drifted: false,
  settled: [],
};
const apply = (v: ConfigVersion): GatePlan => ({ do: 'apply', version: v });

const cases: [name: string, input: Partial<GateInput>, plan: GatePlan][] = [
  ['applies a config that is not in force', { desired: version(1) }, apply(version(1))],
  [
    'refuses what is lower than a version that may be in force unconfirmed',
    { desired: version(5), tried: [version(6), version(4)] },
    { do: 'refuse', reason: 'OLDER' },
  ],
  [
    'applies again what was not confirmed',
    { desired: version(6), tried: [version(6)] },
    apply(version(6)),
  ],
  ['applies a higher generation', { desired: version(6), record: inForce(5) }, apply(version(6))],
  [
    'does nothing for the generation in force',
    { desired: version(5), record: inForce(5) },
    { do: 'nothing' },
  ],
  [
    'applies the generation in force again when it has drifted',
    { desired: version(5), record: inForce(5), drifted: true },
    apply(version(5)),
  ],
  [
    'applies an equal generation with another digest',
    { desired: version(5, 'other'), record: inForce(5) },
    apply(version(5, 'other')),
  ],
  [
    'refuses a lower generation',
    { desired: version(4), record: inForce(5) },
    { do: 'refuse', reason: 'OLDER' },
  ],
  [
    'repairs what is in force rather than applying a lower generation',
    { desired: version(4), record: inForce(5), drifted: true },
    { do: 'repair', version: inForce(5).applied as ConfigVersion },
  ],
  [
    'refuses a generation at the one that was removed',
    { desired: version(5), removed: removed(5) },
    { do: 'refuse', reason: 'REMOVED' },
  ],
  [
    'applies a config that was made again after its removal',
    { desired: version(6), removed: removed(5) },
    apply(version(6)),
  ],
  [
    'refuses a config at or below its tombstone',
    { desired: version(5), tombstone: 5 },
    { do: 'refuse', reason: 'REMOVED' },
  ],
  [
    'looks for evidence about a failed config at or below its tombstone',
    { desired: version(5), tombstone: 5, record: attempted },
    { do: 'absent' },
  ],
  ['looks for evidence when a config in force is absent', { record: inForce(5) }, { do: 'absent' }],
  ['does nothing about an absent config that it never had', {}, { do: 'nothing' }],
  [
    'keeps what is in force under a foreign value',
    { foreign: true, record: inForce(5) },
    { do: 'nothing' },
  ],
  [
    'does not try a settled failure again',
    { desired: version(6), record: inForce(5), settled: [version(6)] },
    { do: 'nothing' },
  ],
  [
    'repairs what is in force while a newer generation is settled as failed',
    { desired: version(6), record: inForce(5), settled: [version(6)], drifted: true },
    { do: 'repair', version: inForce(5).applied as ConfigVersion },
  ],
  [
    'does nothing while both the newer generation and the repair are settled as failed',
    {
      ...{ desired: version(6), record: inForce(5), drifted: true },
      settled: [version(6), version(5)],
    },
    { do: 'nothing' },
  ],
  [
    'tries a newer generation than the settled failure',
    { desired: version(7), record: inForce(5), settled: [version(6)] },
    apply(version(7)),
  ],
];

for (const [name, input, plan] of cases) {
  test(name, () => assert.deepEqual(planConfig({ ...nothingKnown, ...input }), plan));
}

import type { EtcdKv, Revision } from '#libs/etcd';
import { EPOCH_KEY, fixed20FromValue, PASS_KEY, READY_KEY, toFixed20 } from '#libs/keyspace';
import { CALL_TIMEOUT_MS } from './epoch-step.ts';

/** `ready` and `pass` as a pass found them when it began, at one revision. */
export interface PassStart {
  readonly revision: Revision;
  readonly ready: number | undefined;
  readonly pass: number;
  readonly passMod: Revision;
}

/** Reads `ready` and `pass`. Undefined when the epoch is not `epoch` any more. */
export async function startPass(
  etcd: Pick<EtcdKv, 'txn'>,
  epoch: number,
  signal: AbortSignal,
): Promise<PassStart | undefined> {
  const { succeeded, revision, results } = await etcd.txn(
    {
      compare: [{ key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) }],
      success: [{ range: { key: READY_KEY } }, { range: { key: PASS_KEY } }],
    },
    { signal, timeoutMs: CALL_TIMEOUT_MS },
  );
  if (!succeeded) return undefined;
  const [ready, pass] = results.map((result) =>
    result.kind === 'range' ? result.kvs[0] : undefined,
  );
  return {
    revision,
    ready: ready && fixed20FromValue(ready.value),
    pass: (pass && fixed20FromValue(pass.value)) ?? 0,
    passMod: pass?.modRevision ?? 0n,
  };
}

/**
 * Tells the agents of a clean pass: `ready` is the epoch, and `pass` goes on by one unless another
 * pass ended since this one began, because passes that overlap prove no more than one. Undefined when
 * the epoch is not `epoch` any more.
 */
export async function finishPass(
  etcd: Pick<EtcdKv, 'txn'>,
  epoch: number,
  start: PassStart,
  signal: AbortSignal,
): Promise<{ revision: Revision; counted: boolean } | undefined> {
  const putReady = { put: { key: READY_KEY, value: toFixed20(epoch) } };
  const putPass = { put: { key: PASS_KEY, value: toFixed20(start.pass + 1) } };
  const countPass = {
    txn: {
      compare: [{ key: PASS_KEY, target: 'mod', op: '=', value: start.passMod } as const],
      success: [putPass],
    },
  };
  const { succeeded, revision, results } = await etcd.txn(
    {
      compare: [{ key: EPOCH_KEY, target: 'value', op: '=', value: toFixed20(epoch) }],
      success: start.ready === epoch ? [countPass] : [putReady, countPass],
    },
    { signal, timeoutMs: CALL_TIMEOUT_MS },
  );
  // Lower than where the pass began: etcd was restored meanwhile, and the pass proves nothing.
  if (!succeeded || revision < start.revision) return undefined;
  const counted = results.at(-1);
  return { revision, counted: counted?.kind === 'txn' && counted.succeeded };
}

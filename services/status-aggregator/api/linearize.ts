import { type CallContext, unavailable } from '#libs/grpc';
import { deadlineSignal } from '#libs/lifecycle';
import type { ReadConsistency } from '#proto';
import type { Answerer } from '../answers/answerer.ts';

/** Kept from the caller's deadline for the answer. */
const MARGIN_MAX_MS = 500;
const MARGIN_FRACTION = 0.1;

/** Waits, where a request asks for it, until the view holds everything from before the call. */
export async function linearizeFor(
  answerer: Pick<Answerer, 'linearize'>,
  { consistency }: { consistency: ReadConsistency },
  context: CallContext,
): Promise<void> {
  if (consistency !== 'READ_CONSISTENCY_LINEARIZABLE') return;
  const remainingMs = context.remainingMs();
  const marginMs = Math.min(MARGIN_MAX_MS, remainingMs * MARGIN_FRACTION);
  using deadline = deadlineSignal(context.signal, remainingMs - marginMs);
  try {
    await answerer.linearize(deadline.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!deadline.signal.aborted) throw error;
    const message = 'the view could not be proven before the deadline';
    throw unavailable('LINEARIZABLE_TIMEOUT', message, 0);
  }
}

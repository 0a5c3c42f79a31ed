/** Deadline of a unary call that names none. */
export const CALL_TIMEOUT_MS = 2000;
/** Above etcd's own deadline of 7 s: what it gives up it says itself. */
const CALL_TIMEOUT_MAX_MS = 8000;

/**
 * How long to wait for an answer after so many in a row did not come in time: what is given up in vain is
 * carried out all the same.
 */
export function callTimeoutMs(late: number): number {
  return Math.min(CALL_TIMEOUT_MS * 2 ** late, CALL_TIMEOUT_MAX_MS);
}

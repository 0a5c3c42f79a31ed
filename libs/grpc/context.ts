import type { Metadata } from '@grpc/grpc-js';

/** What a handler knows of its call. */
export interface CallContext {
  /**
   * Fires when the caller cancels or the deadline passes; for streams and waits also when the server
   * drains. Its reason is what the caller is told.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the call's deadline, the server's cap included. Never negative. */
  remainingMs(): number;
  /** Who calls: the client certificate's common name, else the `x-rollcall-actor` header, else `anonymous`. */
  readonly actor: string;
  readonly peer: string;
  readonly metadata: Metadata;
  /** W3C traceparent of the call's span, or the caller's, or empty. */
  readonly traceparent: string;
}

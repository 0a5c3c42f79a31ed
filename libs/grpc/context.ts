import type { Metadata } from '@grpc/grpc-js';

/** What a handler knows of its call. */
export interface CallContext {
  /** Fires when the caller cancels, its deadline passes or the server drains. */
  readonly signal: AbortSignal;
  /** Milliseconds until the call's deadline, the server's cap included. Never negative. */
  remainingMs(): number;
  /** Who calls: the client certificate's common name, else the `x-rollcall-actor` header, else `anonymous`. */
  readonly actor: string;
  readonly peer: string;
  readonly metadata: Metadata;
  /** W3C traceparent of the caller's span, or empty. */
  readonly traceparent: string;
}

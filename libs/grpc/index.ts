export { type ByteCallOptions, type ByteClient, openByteClient } from './byte-client.ts';
export {
  type ClientCallOptions,
  type ClientOptions,
  type GrpcClient,
  openClient,
} from './client.ts';
export type { CallContext } from './context.ts';
export { descriptorSet } from './descriptors.ts';
export { camelCase, checkUpdateMask, type FieldMask, readMask } from './field-mask.ts';
export {
  bindAgent,
  bindController,
  bindStatusAggregator,
  type Handlers,
  type MapError,
  type MethodsOf,
  type ServiceBinding,
} from './handlers.ts';
export { answerKeyed, type ItemFailure, type ItemOutcome, itemOutcome } from './keyed-stream.ts';
export { decodePageToken, encodePageToken, pageSize } from './paging.ts';
export { type Definitions, type ServiceName } from './protos.ts';
export { type GrpcServer, openServer, type ServerOptions } from './server.ts';
export {
  aborted,
  alreadyExists,
  deadlineExceeded,
  type FieldViolation,
  failedPrecondition,
  internal,
  invalidArgument,
  notFound,
  outOfRange,
  RpcError,
  resourceExhausted,
  StatusError,
  unavailable,
} from './status.ts';
export { objectFromStruct, structFromObject } from './struct.ts';
export { dateFromTimestamp, durationFromMs, timestampFromDate, timestampFromIso } from './time.ts';

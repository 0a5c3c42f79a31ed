export { callTimeoutMs } from './call-timeout.ts';
export { type EtcdClient, type EtcdStream, type EtcdStreams, openEtcd } from './client.ts';
export type { EtcdTls } from './connection.ts';
export type { EtcdAuth, EtcdSettings } from './dialer.ts';
export {
  CompactedError,
  EtcdError,
  EtcdRequestError,
  EtcdUnavailableError,
  isOverloaded,
  LeaseLostError,
  LeaseNotFoundError,
  NoSpaceError,
  OutcomeUnknownError,
} from './errors.ts';
export { type Lease, type LeaseOptions, openLease } from './lease.ts';
export { ListWatch, type ListWatchDeps } from './list-watch.ts';
export { prefixEnd } from './prefix-end.ts';
export { runServiceRegistration, type ServiceRegistrationOptions } from './registration.ts';
export type {
  CallOptions,
  Compare,
  CompareOp,
  EtcdKv,
  KeyValue,
  LeaseId,
  ListWatchSink,
  Op,
  OpResult,
  Page,
  RangeRequest,
  RangeResult,
  Revision,
  SnapshotSink,
  TxnRequest,
  TxnResult,
  WatchEvent,
} from './types.ts';
export {
  deliveredPosition,
  emptyProbesOf,
  followedPosition,
  follows,
  listedAnchor,
  listedPosition,
  probesHold,
  probesOf,
  type WatchPosition,
} from './watch-plan.ts';
export { compareCreate, compareMod, compareValue, del, get, put } from './wire.ts';
export { WriteAnchor } from './write-anchor.ts';

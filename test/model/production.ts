// What of the product the model runs: the data path of a controller, an agent without its gRPC server
// and its disk, and the view of an aggregator. Everything else is simulated.

export {
  CompactedError,
  deliveredPosition,
  EtcdUnavailableError,
  followedPosition,
  follows,
  LeaseLostError,
  LeaseNotFoundError,
  listedAnchor,
  listedPosition,
  OutcomeUnknownError,
  probesHold,
  probesOf,
} from '#libs/etcd';
export { recover } from '#services/agent/engine/drift.ts';
export { Engine } from '#services/agent/engine/engine.ts';
export { JournalMemory } from '#services/agent/journal/journal-state.ts';
export { Membership } from '#services/agent/membership/membership.ts';
export { Registrar } from '#services/agent/membership/registrar.ts';
export { Outbox } from '#services/agent/status/outbox.ts';
export { EnvironmentView, watchedRanges } from '#services/agent/watch/environment-view.ts';
export { EpochRelist } from '#services/agent/watch/epoch-relist.ts';
export { createDataPath } from '#services/controller/data-path.ts';
export { planRebase } from '#services/controller/domain/rebase-plan.ts';
export { seenInEtcd } from '#services/controller/store/seen-generations.ts';
export { planBatch } from '#services/controller/store/write-plan.ts';
export { situationOf } from '#services/status-aggregator/domain/completion.ts';
export { ViewHolder } from '#services/status-aggregator/watch/view-holder.ts';

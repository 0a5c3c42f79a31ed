// What of the aggregator is held against the oracle.
export {
  completionOf,
  isFullyExecuted,
  situationOf,
} from '#services/status-aggregator/domain/completion.ts';
export { environmentStatusOf } from '#services/status-aggregator/domain/environment-status.ts';
export { ViewHolder } from '#services/status-aggregator/watch/view-holder.ts';

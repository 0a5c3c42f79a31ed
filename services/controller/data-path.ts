import type { EtcdClient } from '#libs/etcd';
import { type Clock, type Run, systemClock } from '#libs/lifecycle';
import type { Logger } from '#libs/telemetry';
import { RosterMirror } from './membership/roster-mirror.ts';
import type { MemberMirror } from './membership/roster-recorder.ts';
import { RosterView } from './membership/roster-view.ts';
import { DirtyScan } from './publish/dirty-scan.ts';
import type { PublishStore } from './publish/publish-store.ts';
import { Publisher } from './publish/publisher.ts';
import type { EpochStore, RowSource } from './reconcile/reconcile-ports.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { RevisionWatermark } from './reconcile/revision-watermark.ts';
import { createRewindCheck } from './reconcile/rewind-check.ts';

export interface DataPathDeps {
  client: EtcdClient;
  configs: PublishStore & RowSource;
  epochs: EpochStore;
  members: MemberMirror;
  log: Logger;
  clock?: Clock;
  random?: () => number;
  /** Members that are lost for longer are forgotten. Milliseconds. */
  forgetAfterMs: number;
}

/** What carries configs from MySQL to etcd, wired. Nothing happens before its parts run. */
export interface DataPath extends AsyncDisposable {
  readonly publisher: Publisher;
  readonly view: RosterView;
  readonly reconciler: Reconciler;
  /** To be run together, until the controller ends. */
  readonly parts: Readonly<Record<'view' | 'reconcile' | 'dirtyScan' | 'rosterMirror', Run>>;
}

/** Wires publisher, dirty scan, reconciler, roster view and mirror. Disposal ends the publisher. */
export function createDataPath(deps: DataPathDeps): DataPath {
  const { client, configs, epochs, members, log, clock, random, forgetAfterMs } = deps;
  const time = { ...(clock && { clock }), ...(random && { random }) };
  const trigger = () => reconciler.trigger();
  const watermark = new RevisionWatermark({ etcd: client, onRewind: trigger });
  const onRewind = (epoch: number) => {
    watermark.rewound(epoch);
    trigger();
  };
  const view = new RosterView({ client, log, onRewound: onRewind });
  const rewindCheck = createRewindCheck({ watermark, epoch: () => view.meta.epoch, onRewind, log });
  const publisher = new Publisher({
    etcd: {
      range: (request, options) => watermark.range(request, options),
      txn: (request, options) => watermark.txn(request, options),
      leaseGrant: (ttlSeconds, options) => client.leaseGrant(ttlSeconds, options),
    },
    store: configs,
    log,
    watchedEpoch: () => view.meta.epoch ?? watermark.seen?.epoch,
    onOtherEpoch: trigger,
    ...(clock && { clock }),
  });
  const reconciler = new Reconciler({
    etcd: client,
    watermark,
    rows: configs,
    ...{ epochs, members, publisher, log },
    ...time,
  });
  const isReady = (epoch: number) => view.meta.ready === epoch;
  const dirtyScan = new DirtyScan({ store: configs, publisher, isReady, log, ...time });
  const rosterMirror = new RosterMirror({
    ...{ view, members, etcd: watermark, forgetAfterMs, log },
    ...time,
    clock: clock ?? systemClock,
  });
  view.subscribe((change) => {
    if (change.kind === 'reconnected') void rewindCheck.run();
    if (change.kind !== 'meta') return;
    const isOther = watermark.seen !== undefined && view.meta.epoch !== watermark.seen.epoch;
    if (change.deleted || isOther) trigger();
  });
  return {
    publisher,
    view,
    reconciler,
    parts: {
      view: (signal) => view.run(signal),
      reconcile: (signal) => reconciler.run(signal),
      dirtyScan: (signal) => dirtyScan.run(signal),
      rosterMirror: (signal) => rosterMirror.run(signal),
    },
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

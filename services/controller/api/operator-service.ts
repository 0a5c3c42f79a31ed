import { EtcdError, type EtcdKv } from '#libs/etcd';
import {
  aborted,
  type CallContext,
  failedPrecondition,
  invalidArgument,
  notFound,
  timestampFromDate,
} from '#libs/grpc';
import { MysqlError } from '#libs/mysql';
import type { Logger } from '#libs/telemetry';
import type {
  ConfirmRowLossRequest,
  ConfirmRowLossResponseInput,
  ControlPlaneInput,
  GetControlPlaneRequest,
  GetControlPlaneResponseInput,
  ResumeRemovalsRequest,
  ResumeRemovalsResponseInput,
} from '#proto';
import { type EtcdMeta, planeStanding } from '../domain/control-plane.ts';
import { checkEnvironmentName } from '../domain/request-rules.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { EtcdStateStore } from '../store/etcd-state-store.ts';
import { putResumeRemovals, readEnvironmentMeta, readMeta } from '../store/meta-keys.ts';
import { passed } from './status-errors.ts';

export interface OperatorDeps {
  etcd: Pick<EtcdKv, 'txn'>;
  epochs: Pick<EtcdStateStore, 'read' | 'confirmLoss'>;
  store: Pick<ConfigStore, 'countLive'>;
  /** Asks for a pass at once. */
  trigger: () => void;
  log: Logger;
}

type MysqlSide = NonNullable<Awaited<ReturnType<EtcdStateStore['read']>>> & { liveRowsNow: number };

/** What operators see of the control plane, and what they decide when it stands still. */
export class OperatorService {
  readonly #deps: OperatorDeps;

  constructor(deps: OperatorDeps) {
    this.#deps = deps;
  }

  async getControlPlane(
    _request: GetControlPlaneRequest,
    { signal }: CallContext,
  ): Promise<GetControlPlaneResponseInput> {
    // MySQL first: reversed, a new epoch in between would look like a rollback.
    const mysql = await this.#mysqlSide();
    const etcd = await this.#etcdSide(signal);
    return { controlPlane: planeMessage(etcd, mysql) };
  }

  async resumeRemovals(
    request: ResumeRemovalsRequest,
    { actor, signal }: CallContext,
  ): Promise<ResumeRemovalsResponseInput> {
    passed(checkEnvironmentName(request));
    const { env } = request;
    const { etcd, log } = this.#deps;
    const { epoch, ready, resumed, hasAgents } = await readEnvironmentMeta(etcd, env, signal);
    if (epoch === undefined || ready !== epoch) {
      const advice = 'its content proves nothing before a pass has completed';
      throw failedPrecondition('ETCD_NOT_READY', `etcd is not ready: ${advice}`);
    }
    if (!hasAgents) throw notFound('ENVIRONMENT_NOT_FOUND', `environment ${env} has no agents`);
    if (resumed === epoch) return { epoch, changed: false };
    if (!(await putResumeRemovals(etcd, env, epoch, signal))) {
      throw aborted('EPOCH_CHANGED', `etcd is not in epoch ${epoch} any more; look again`);
    }
    log.warn({ env, epoch, actor }, 'held removals go on');
    return { epoch, changed: true };
  }

  async confirmRowLoss(
    { liveRows }: ConfirmRowLossRequest,
    { actor }: CallContext,
  ): Promise<ConfirmRowLossResponseInput> {
    if (liveRows === undefined || !Number.isSafeInteger(liveRows) || liveRows < 0) {
      const description = 'is required: the number of live configs that MySQL has';
      throw invalidArgument([{ field: 'live_rows', description }]);
    }
    const { epochs, trigger, log } = this.#deps;
    const { plan, liveRows: now } = await epochs.confirmLoss(liveRows, actor);
    if (plan.kind === 'not_stopped') {
      throw failedPrecondition('NOT_STOPPED', 'there is no safety stop to confirm');
    }
    if (plan.kind === 'other') {
      throw aborted('ROWS_DIFFER', `mysql has ${now} live configs now; look again`);
    }
    if (plan.kind === 'confirm') log.warn({ liveRows, actor }, 'loss of rows confirmed');
    trigger();
    return { changed: plan.kind === 'confirm' };
  }

  async #mysqlSide(): Promise<MysqlSide | undefined> {
    try {
      const state = await this.#deps.epochs.read();
      return { ...state, liveRowsNow: await this.#deps.store.countLive() };
    } catch (error) {
      if (error instanceof MysqlError) return undefined;
      throw error;
    }
  }

  async #etcdSide(signal: AbortSignal): Promise<EtcdMeta | undefined> {
    try {
      return await readMeta(this.#deps.etcd, signal);
    } catch (error) {
      if (error instanceof EtcdError) return undefined;
      throw error;
    }
  }
}

function planeMessage(etcd: EtcdMeta | undefined, mysql: MysqlSide | undefined): ControlPlaneInput {
  const { state, reason } = planeStanding(etcd, mysql);
  return {
    state: `CONTROL_PLANE_STATE_${state}`,
    reason,
    etcd: etcd
      ? {
          epoch: etcd.epoch ?? 0,
          ready: etcd.ready ?? 0,
          pass: etcd.pass ?? 0,
          revision: Number(etcd.revision),
        }
      : null,
    mysql: mysql ? mysqlMessage(mysql) : null,
  };
}

function mysqlMessage(mysql: MysqlSide): NonNullable<ControlPlaneInput['mysql']> {
  const { epoch, highWaterRevision, generationBase, liveRows, liveRowsNow, stop } = mysql;
  return {
    epoch,
    highWaterRevision: Number(highWaterRevision),
    generationBase,
    liveRows: liveRowsNow,
    liveRowsBefore: liveRows,
    stop: stop
      ? {
          stopTime: timestampFromDate(stop.stoppedAt),
          liveRows: stop.liveRows,
          liveRowsBefore: stop.liveRowsBefore,
          configsInEtcd: stop.configsInEtcd,
          ...(stop.confirmedLiveRows !== undefined && {
            confirmedLiveRows: stop.confirmedLiveRows,
          }),
          confirmedBy: stop.confirmedBy,
        }
      : null,
  };
}

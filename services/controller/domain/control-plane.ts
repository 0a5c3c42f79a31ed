/** The counters in etcd, at one revision; absent: the key is missing or foreign. */
export interface EtcdMeta {
  readonly epoch?: number | undefined;
  readonly ready?: number | undefined;
  readonly pass?: number | undefined;
  readonly revision: bigint;
}

/** What MySQL knows. */
export interface MysqlKnows {
  readonly epoch: number;
  readonly highWaterRevision: bigint;
  readonly stop?: { readonly liveRows: number; readonly liveRowsBefore: number } | undefined;
}

export interface PlaneStanding {
  readonly state: 'READY' | 'REBUILDING' | 'STOPPED' | 'UNAVAILABLE';
  /** Why it is not READY; else empty. */
  readonly reason: string;
}

/** How the control plane stands, from what could be reached. */
export function planeStanding(
  etcd: EtcdMeta | undefined,
  mysql: MysqlKnows | undefined,
): PlaneStanding {
  if (!mysql) return { state: 'UNAVAILABLE', reason: 'mysql cannot be reached' };
  if (mysql.stop) return { state: 'STOPPED', reason: stopReason(mysql.stop) };
  if (!etcd) return { state: 'UNAVAILABLE', reason: 'etcd cannot be reached' };
  const reason = rebuildReason(etcd, mysql);
  return reason === '' ? { state: 'READY', reason } : { state: 'REBUILDING', reason };
}

/** Why etcd's content counts for nothing yet; empty: it counts. */
function rebuildReason(
  { epoch, ready, revision }: EtcdMeta,
  { epoch: known, highWaterRevision }: MysqlKnows,
): string {
  if (epoch === undefined) return 'etcd has no epoch: it is new, or was wiped';
  if (epoch !== known) return `etcd is in epoch ${epoch}, mysql knows ${known}`;
  if (revision < highWaterRevision) return 'etcd was rolled back';
  return ready === epoch ? '' : `no pass has completed in epoch ${epoch} yet`;
}

function stopReason({ liveRows, liveRowsBefore }: NonNullable<MysqlKnows['stop']>): string {
  const lost = `mysql has ${liveRows} live configs, at the last completed pass it had ${liveRowsBefore}`;
  return `${lost}: restore them, or confirm the loss`;
}

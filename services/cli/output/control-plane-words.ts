import { dateFromTimestamp } from '#libs/grpc';
import type { ControlPlane } from '#proto';
import type { Entry } from './printer.ts';
import { timeText, withoutPrefix } from './values.ts';

export const CONTROL_PLANE_HEADER = [
  ...['STATE', 'EPOCH', 'READY', 'PASS', 'REVISION', 'CONFIGS', 'BASE'],
];

/** The control plane with what holds it below. */
export function controlPlaneEntry(plane: ControlPlane): Entry {
  const { reason, etcd, mysql } = plane;
  const state = withoutPrefix(plane.state, 'CONTROL_PLANE_STATE_');
  const stop = mysql?.stop;
  const since = stop ? [`stopped since ${timeText(stop.stopTime)}`] : [];
  const confirmed =
    stop?.confirmedLiveRows === undefined
      ? []
      : [`${stop.confirmedLiveRows} live configs are confirmed by ${stop.confirmedBy}`];
  return {
    plain: {
      ...{ state, reason, etcd },
      mysql: mysql && { ...mysql, stop: stop && plainStop(stop) },
    },
    row: [
      state,
      ...[etcd?.epoch, etcd?.ready, etcd?.pass, etcd?.revision].map(numberText),
      ...[mysql?.liveRows, mysql?.generationBase].map(numberText),
    ],
    below: [...(reason === '' ? [] : [reason]), ...since, ...confirmed],
  };
}

function plainStop(stop: NonNullable<NonNullable<ControlPlane['mysql']>['stop']>): object {
  const { stopTime } = stop;
  return { ...stop, stopTime: stopTime && dateFromTimestamp(stopTime).toISOString() };
}

/** Empty: that side was not reached. */
function numberText(value: number | undefined): string {
  return value === undefined ? '' : `${value}`;
}

// Original file: proto/rollcall/v1/controller.proto

import type { ControllerInfoInput as _rollcall_v1_ControllerInfoInput, ControllerInfo as _rollcall_v1_ControllerInfo } from '../../rollcall/v1/ControllerInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListControllersResponseInput {
  'controllers'?: (_rollcall_v1_ControllerInfoInput)[];
  'asOfRevision'?: (number | string | Long);
}

export interface ListControllersResponse {
  'controllers': (_rollcall_v1_ControllerInfo)[];
  'asOfRevision': (number);
}

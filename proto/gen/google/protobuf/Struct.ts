// Original file: null

import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from '../../google/protobuf/Value.ts';

export interface StructInput {
  'fields'?: ({[key: string]: _google_protobuf_ValueInput});
}

export interface Struct {
  'fields': ({[key: string]: _google_protobuf_Value});
}

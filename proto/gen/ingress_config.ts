import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.ts';
import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from './rollcall/v1/IngressConfig.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from './rollcall/v1/ReadAfter.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      ListValue: MessageTypeDefinition<_google_protobuf_ListValueInput, _google_protobuf_ListValue>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_StructInput, _google_protobuf_Struct>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
      Value: MessageTypeDefinition<_google_protobuf_ValueInput, _google_protobuf_Value>
    }
  }
  rollcall: {
    v1: {
      CompletionPolicy: EnumTypeDefinition
      ConfigView: EnumTypeDefinition
      IngressConfig: MessageTypeDefinition<_rollcall_v1_IngressConfigInput, _rollcall_v1_IngressConfig>
      PublishState: EnumTypeDefinition
      ReadAfter: MessageTypeDefinition<_rollcall_v1_ReadAfterInput, _rollcall_v1_ReadAfter>
    }
  }
}


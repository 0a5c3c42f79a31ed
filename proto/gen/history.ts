import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.ts';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.ts';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.ts';
import type { DiffGenerationsRequestInput as _rollcall_v1_DiffGenerationsRequestInput, DiffGenerationsRequest as _rollcall_v1_DiffGenerationsRequest } from './rollcall/v1/DiffGenerationsRequest.ts';
import type { DiffGenerationsResponseInput as _rollcall_v1_DiffGenerationsResponseInput, DiffGenerationsResponse as _rollcall_v1_DiffGenerationsResponse } from './rollcall/v1/DiffGenerationsResponse.ts';
import type { FieldChangeInput as _rollcall_v1_FieldChangeInput, FieldChange as _rollcall_v1_FieldChange } from './rollcall/v1/FieldChange.ts';
import type { GenerationInput as _rollcall_v1_GenerationInput, Generation as _rollcall_v1_Generation } from './rollcall/v1/Generation.ts';
import type { GetGenerationRequestInput as _rollcall_v1_GetGenerationRequestInput, GetGenerationRequest as _rollcall_v1_GetGenerationRequest } from './rollcall/v1/GetGenerationRequest.ts';
import type { GetGenerationResponseInput as _rollcall_v1_GetGenerationResponseInput, GetGenerationResponse as _rollcall_v1_GetGenerationResponse } from './rollcall/v1/GetGenerationResponse.ts';
import type { IngressConfigInput as _rollcall_v1_IngressConfigInput, IngressConfig as _rollcall_v1_IngressConfig } from './rollcall/v1/IngressConfig.ts';
import type { ListGenerationsRequestInput as _rollcall_v1_ListGenerationsRequestInput, ListGenerationsRequest as _rollcall_v1_ListGenerationsRequest } from './rollcall/v1/ListGenerationsRequest.ts';
import type { ListGenerationsResponseInput as _rollcall_v1_ListGenerationsResponseInput, ListGenerationsResponse as _rollcall_v1_ListGenerationsResponse } from './rollcall/v1/ListGenerationsResponse.ts';
import type { ReadAfterInput as _rollcall_v1_ReadAfterInput, ReadAfter as _rollcall_v1_ReadAfter } from './rollcall/v1/ReadAfter.ts';
import type { RollbackIngressConfigRequestInput as _rollcall_v1_RollbackIngressConfigRequestInput, RollbackIngressConfigRequest as _rollcall_v1_RollbackIngressConfigRequest } from './rollcall/v1/RollbackIngressConfigRequest.ts';
import type { RollbackIngressConfigResponseInput as _rollcall_v1_RollbackIngressConfigResponseInput, RollbackIngressConfigResponse as _rollcall_v1_RollbackIngressConfigResponse } from './rollcall/v1/RollbackIngressConfigResponse.ts';
import type { WatchIngressConfigsRequestInput as _rollcall_v1_WatchIngressConfigsRequestInput, WatchIngressConfigsRequest as _rollcall_v1_WatchIngressConfigsRequest } from './rollcall/v1/WatchIngressConfigsRequest.ts';
import type { WatchIngressConfigsResponseInput as _rollcall_v1_WatchIngressConfigsResponseInput, WatchIngressConfigsResponse as _rollcall_v1_WatchIngressConfigsResponse } from './rollcall/v1/WatchIngressConfigsResponse.ts';

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
      DiffGenerationsRequest: MessageTypeDefinition<_rollcall_v1_DiffGenerationsRequestInput, _rollcall_v1_DiffGenerationsRequest>
      DiffGenerationsResponse: MessageTypeDefinition<_rollcall_v1_DiffGenerationsResponseInput, _rollcall_v1_DiffGenerationsResponse>
      FieldChange: MessageTypeDefinition<_rollcall_v1_FieldChangeInput, _rollcall_v1_FieldChange>
      Generation: MessageTypeDefinition<_rollcall_v1_GenerationInput, _rollcall_v1_Generation>
      GetGenerationRequest: MessageTypeDefinition<_rollcall_v1_GetGenerationRequestInput, _rollcall_v1_GetGenerationRequest>
      GetGenerationResponse: MessageTypeDefinition<_rollcall_v1_GetGenerationResponseInput, _rollcall_v1_GetGenerationResponse>
      IngressConfig: MessageTypeDefinition<_rollcall_v1_IngressConfigInput, _rollcall_v1_IngressConfig>
      ListGenerationsRequest: MessageTypeDefinition<_rollcall_v1_ListGenerationsRequestInput, _rollcall_v1_ListGenerationsRequest>
      ListGenerationsResponse: MessageTypeDefinition<_rollcall_v1_ListGenerationsResponseInput, _rollcall_v1_ListGenerationsResponse>
      PublishState: EnumTypeDefinition
      ReadAfter: MessageTypeDefinition<_rollcall_v1_ReadAfterInput, _rollcall_v1_ReadAfter>
      RollbackIngressConfigRequest: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigRequestInput, _rollcall_v1_RollbackIngressConfigRequest>
      RollbackIngressConfigResponse: MessageTypeDefinition<_rollcall_v1_RollbackIngressConfigResponseInput, _rollcall_v1_RollbackIngressConfigResponse>
      WatchIngressConfigsRequest: MessageTypeDefinition<_rollcall_v1_WatchIngressConfigsRequestInput, _rollcall_v1_WatchIngressConfigsRequest>
      WatchIngressConfigsResponse: MessageTypeDefinition<_rollcall_v1_WatchIngressConfigsResponseInput, _rollcall_v1_WatchIngressConfigsResponse>
    }
  }
}


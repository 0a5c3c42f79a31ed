// Original file: proto/rollcall/v1/history.proto


// Original file: proto/rollcall/v1/history.proto

export const _rollcall_v1_FieldChange_Type = {
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  TYPE_ADDED: 'TYPE_ADDED',
  TYPE_REMOVED: 'TYPE_REMOVED',
  TYPE_CHANGED: 'TYPE_CHANGED',
} as const;

export type _rollcall_v1_FieldChange_TypeInput =
  | 'TYPE_UNSPECIFIED'
  | 0
  | 'TYPE_ADDED'
  | 1
  | 'TYPE_REMOVED'
  | 2
  | 'TYPE_CHANGED'
  | 3

export type _rollcall_v1_FieldChange_Type = typeof _rollcall_v1_FieldChange_Type[keyof typeof _rollcall_v1_FieldChange_Type]

export interface FieldChangeInput {
  'type'?: (_rollcall_v1_FieldChange_TypeInput);
  'path'?: (string);
  'oldJson'?: (string);
  'newJson'?: (string);
}

export interface FieldChange {
  'type': (_rollcall_v1_FieldChange_Type);
  'path': (string);
  'oldJson': (string);
  'newJson': (string);
}

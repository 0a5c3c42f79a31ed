// Original file: proto/rollcall/v1/ingress_config.proto

export const ConfigView = {
  CONFIG_VIEW_UNSPECIFIED: 'CONFIG_VIEW_UNSPECIFIED',
  CONFIG_VIEW_BASIC: 'CONFIG_VIEW_BASIC',
  CONFIG_VIEW_FULL: 'CONFIG_VIEW_FULL',
  CONFIG_VIEW_JSON: 'CONFIG_VIEW_JSON',
} as const;

export type ConfigViewInput =
  | 'CONFIG_VIEW_UNSPECIFIED'
  | 0
  | 'CONFIG_VIEW_BASIC'
  | 1
  | 'CONFIG_VIEW_FULL'
  | 2
  | 'CONFIG_VIEW_JSON'
  | 3

export type ConfigView = typeof ConfigView[keyof typeof ConfigView]

// Original file: proto/rollcall/v1/ingress_config.proto

export const PublishState = {
  PUBLISH_STATE_UNSPECIFIED: 'PUBLISH_STATE_UNSPECIFIED',
  PUBLISH_STATE_PENDING: 'PUBLISH_STATE_PENDING',
  PUBLISH_STATE_PUBLISHED: 'PUBLISH_STATE_PUBLISHED',
} as const;

export type PublishStateInput =
  | 'PUBLISH_STATE_UNSPECIFIED'
  | 0
  | 'PUBLISH_STATE_PENDING'
  | 1
  | 'PUBLISH_STATE_PUBLISHED'
  | 2

export type PublishState = typeof PublishState[keyof typeof PublishState]

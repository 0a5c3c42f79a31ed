import type { SpanOptions } from '#libs/telemetry';
import type { ConfigVersion } from '../domain/record.ts';

type Traced = Pick<ConfigVersion, 'generation'> & Partial<Pick<ConfigVersion, 'traceparent'>>;

/** A span about a generation, linked to its write. Of a delete etcd tells no write. */
export function spanOf(
  { env, name }: { readonly env: string; readonly name: string },
  id: string,
  { generation, traceparent = '' }: Traced,
): SpanOptions {
  const attributes = {
    ...{ 'rollcall.env': env, 'rollcall.agent': name },
    ...{ 'rollcall.id': id, 'rollcall.generation': generation },
  };
  return { attributes, links: traceparent === '' ? [] : [traceparent] };
}

import { encodeConfig } from '#libs/keyspace';
import type { ConfigRow } from '#services/controller/domain/config-row.ts';

/** What a row's config key has to hold, byte for byte. */
export function valueOfRow(row: ConfigRow): string {
  const { acceptedAt, createdAt } = row;
  return encodeConfig({
    ...row,
    ...{ acceptedAt: acceptedAt.toISOString(), createdAt: createdAt.toISOString() },
  });
}

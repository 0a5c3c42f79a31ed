import { createHash } from 'node:crypto';

/** Namespace of environment UUIDs: any constant that nobody else uses. */
const NAMESPACE = Buffer.from('8f1cb66dd5e94b3f9d0a62f1a9a3c7e4', 'hex');

/** The UUID (version 5) of an environment: the same for everyone who knows its name. */
export function envUuid(env: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(env).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

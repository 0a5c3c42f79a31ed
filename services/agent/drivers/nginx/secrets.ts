import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DriverError } from '../driver.ts';
import type { TlsClaim } from './routes.ts';

/** A certificate with its files. */
export interface Certificate {
  /** As in TlsClaim. */
  readonly hosts: readonly string[];
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** The certificates of a config, and what changes with any of their files. */
export interface Certificates {
  readonly certificates: readonly Certificate[];
  /** Empty: none. */
  readonly digest: string;
}

/**
 * Finds `<dir>/<namespace>/<name>/tls.crt` and `tls.key`, as a mounted secret has them. Throws a
 * DriverError: `retry` while one is missing, `rejected` where there is no directory of secrets.
 */
export async function certificatesOf(
  claims: readonly TlsClaim[],
  dir: string | undefined,
): Promise<Certificates> {
  if (claims.length === 0) return { certificates: [], digest: '' };
  if (dir === undefined) {
    throw new DriverError('rejected', 'TLS_UNSUPPORTED', 'this agent serves no TLS');
  }
  const hash = createHash('sha256');
  const certificates: Certificate[] = [];
  for (const { hosts, secret } of claims) {
    const certificateFile = join(dir, secret, 'tls.crt');
    const keyFile = join(dir, secret, 'tls.key');
    for (const file of [certificateFile, keyFile]) hash.update(await readPart(file, secret));
    certificates.push({ hosts, certificateFile, keyFile });
  }
  return { certificates, digest: hash.digest('hex') };
}

async function readPart(file: string, secret: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const message = `tls.crt or tls.key of secret ${secret} cannot be read`;
    throw new DriverError('retry', 'SECRET_MISSING', message, { cause });
  }
}

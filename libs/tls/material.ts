import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** Files in PEM; those that are not given are not used. */
export interface TlsPaths {
  /** Authorities that the other side must be signed by. */
  readonly ca?: string | undefined;
  /** Our certificate, with its chain. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What such files hold. */
export interface TlsMaterial {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

const PARTS = ['ca', 'cert', 'key'] as const;

/** Reads the files. Rejects with the name of the file that cannot be read, or why they cannot be used. */
export async function readMaterial(paths: TlsPaths): Promise<TlsMaterial> {
  const found: { -readonly [Part in keyof TlsMaterial]: TlsMaterial[Part] } = {};
  for (const part of PARTS) {
    const path = paths[part];
    if (path !== undefined) found[part] = await readFile(path);
  }
  const { ca, cert, key } = found;
  try {
    // A file that holds no certificate at all would be taken for an empty list of authorities.
    if (ca) firstOf(ca);
    createSecureContext({ ...(cert && { cert }), ...(key && { key }) });
  } catch (error) {
    const files = PARTS.flatMap((part) => paths[part] ?? []).join(', ');
    const { message } = error as Error;
    throw new Error(`cannot be used together: ${files}: ${message}`, { cause: error });
  }
  return found;
}

/** Whether both hold the same. */
export function isSameMaterial(one: TlsMaterial, other: TlsMaterial): boolean {
  const none = Buffer.alloc(0);
  return PARTS.every((part) => (one[part] ?? none).equals(other[part] ?? none));
}

/** Who the certificate is, or the authorities, and when it ends: for the log. */
export function describeMaterial({ cert, ca }: TlsMaterial): object {
  const shown = cert ?? ca;
  if (!shown) return {};
  const { subject, validTo } = firstOf(shown);
  return { subject, notAfter: new Date(validTo).toISOString() };
}

function firstOf(pem: Buffer): X509Certificate {
  return new X509Certificate(pem);
}

import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsMaterial } from '#libs/tls';

/** TLS of a server. With `ca`: clients must show a certificate signed by it. */
export interface ServerTls extends TlsMaterial {
  /** Where the material may change while we listen: connections made after a change get the new one. */
  onChange?(listener: () => void): void;
}

/** Absent: plaintext. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  return tls ? new LiveCredentials(tls) : ServerCredentials.createInsecure();
}

/** As `ServerCredentials.createSsl`, and told of replaced certificates. */
class LiveCredentials extends ServerCredentials {
  constructor(tls: ServerTls) {
    super({ requestCert: tls.ca !== undefined }, contextOf(tls));
    tls.onChange?.(() => this.updateSecureContextOptions(contextOf(tls)));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

function contextOf({ ca, cert, key }: TlsMaterial): SecureContextOptions {
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

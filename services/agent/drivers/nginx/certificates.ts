import { byAge, type Claim } from './routes.ts';
import type { Certificate } from './secrets.ts';

/** A config with its certificates. */
export interface CertifiedClaim extends Claim {
  readonly certificates: readonly Certificate[];
}

/** Finds the certificate of a host: its own, else one of the wildcard above it. The oldest config wins. */
export class CertificateTable {
  readonly #byHost = new Map<string, Certificate>();

  constructor(claims: readonly CertifiedClaim[]) {
    for (const { routes, certificates } of claims.toSorted(byAge)) {
      for (const certificate of certificates) {
        const { hosts } = certificate;
        const named = hosts.length === 0 ? routes.map(({ host }) => host) : hosts;
        for (const host of named) {
          if (!this.#byHost.has(host)) this.#byHost.set(host, certificate);
        }
      }
    }
  }

  of(host: string): Certificate | undefined {
    const dot = host.indexOf('.');
    const above = dot < 0 ? undefined : this.#byHost.get(`*${host.slice(dot)}`);
    return this.#byHost.get(host) ?? above;
  }
}

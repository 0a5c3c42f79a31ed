import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of a CA of a test, with a certificate for servers on loopback and one for clients. */
export interface TlsFiles extends AsyncDisposable {
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
  /** For a gRPC client of ours. */
  client(): { ca: Buffer; cert: Buffer; key: Buffer };
  /** For the launcher's servers: paths, and whether clients must show a certificate. */
  servers(): { ca: string; cert: string; key: string; clientAuth: boolean };
}

const SERVER =
  'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n';
const CLIENT = 'extendedKeyUsage=clientAuth\n';

/** Makes a CA and two certificates, valid for a day. Needs the openssl command. */
export async function makeCertificates(clientName = 'test-client'): Promise<TlsFiles> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-tls-'));
  const path = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '1', '-subj', '/CN=test-ca'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  const issue = async (name: string, commonName: string, extensions: string) => {
    await writeFile(path(`${name}.ext`), extensions);
    await openssl(
      ...['req', ...newKey, '-subj', `/CN=${commonName}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
    );
    await openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...['-CAcreateserial', '-days', '1', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
  };
  await issue('server', 'localhost', SERVER);
  await issue('client', clientName, CLIENT);
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'client.pem', 'client.key'].map((name) => readFile(path(name))),
  );
  return {
    ca: path('ca.pem'),
    serverCert: path('server.pem'),
    serverKey: path('server.key'),
    clientCert: path('client.pem'),
    clientKey: path('client.key'),
    client: () => ({ ca: ca as Buffer, cert: cert as Buffer, key: key as Buffer }),
    servers: () => ({
      ca: path('ca.pem'),
      cert: path('server.pem'),
      key: path('server.key'),
      clientAuth: true,
    }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  /** Puts those of another CA into the same files, of `names` alone when they are given. */
  replaceWith(other: TlsFiles, names?: readonly FileName[]): Promise<void>;
}

const FILE_NAMES = ['ca', 'serverCert', 'serverKey', 'clientCert', 'clientKey'] as const;
type FileName = (typeof FILE_NAMES)[number];

/** Of certificates; 0: they ended when they were made. */
interface Validity {
  days?: number;
}

const SERVER =
  'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n';
const CLIENT = 'extendedKeyUsage=clientAuth\n';

/** Makes a CA and two certificates, valid for a day. Needs the openssl command. */
export async function makeCertificates(
  clientName = 'test-client',
  { days = 1 }: Validity = {},
): Promise<TlsFiles> {
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
      ...[
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.pem`,
      ],
    );
  };
  await issue('server', 'localhost', SERVER);
  await issue('client', clientName, CLIENT);
  const files: Record<FileName, string> = {
    ca: path('ca.pem'),
    serverCert: path('server.pem'),
    serverKey: path('server.key'),
    clientCert: path('client.pem'),
    clientKey: path('client.key'),
  };
  return {
    ...files,
    client: () => ({
      ca: readFileSync(files.ca),
      cert: readFileSync(files.clientCert),
      key: readFileSync(files.clientKey),
    }),
    replaceWith: async (other, names = FILE_NAMES) => {
      for (const name of names) await copyFile(other[name], files[name]);
    },
    servers: () => ({
      ca: path('ca.pem'),
      cert: path('server.pem'),
      key: path('server.key'),
      clientAuth: true,
    }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

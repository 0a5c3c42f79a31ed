import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openFileDriver } from '#services/agent/drivers/file/file-driver.ts';
import { MERGED_FILE, openMergedDriver } from '#services/agent/drivers/file/merged-driver.ts';
import { createNoopDriver } from '#services/agent/drivers/noop/noop-driver.ts';
import { openDriver } from '#services/agent/drivers/open-driver.ts';
import { type DriverPlace, driverContract } from '#test/driver-contract';
import { ingressNamed, openKubernetesPlace } from '#test/kubernetes-place';

const content = (id: string, version: string) => JSON.stringify({ id, version });

driverContract('noop', async () => ({
  open: async () => createNoopDriver(),
  content,
  forgets: true,
  [Symbol.asyncDispose]: async () => undefined,
}));

driverContract('file', async (): Promise<DriverPlace> => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-driver-'));
  return {
    open: () => openFileDriver({ dir }),
    content,
    refused: { id: '../outside', content: '{}' },
    tamper: (id) => writeFile(join(dir, `${id}.json`), '{"somebody":"else"}'),
    lose: (id) => rm(join(dir, `${id}.json`)),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
});

driverContract('file (merged)', async (): Promise<DriverPlace> => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-driver-'));
  const file = join(dir, MERGED_FILE);
  const edit = async (change: (configs: Record<string, unknown>) => void) => {
    const configs = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    change(configs);
    await writeFile(file, JSON.stringify(configs));
  };
  return {
    open: () => openMergedDriver({ dir }),
    content,
    refused: { id: '../outside', content: '{}' },
    tamper: (id) =>
      edit((configs) => {
        configs[id] = { somebody: 'else' };
      }),
    lose: (id) =>
      edit((configs) => {
        delete configs[id];
      }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
});

/** Commands as a person writes them: a directory takes the place of a proxy. */
const COMMANDS = {
  check: 'grep -q "^{" "$ROLLCALL_FILE" || exit 65',
  apply:
    'grep -q "^{" "$ROLLCALL_FILE" || exit 65; ' +
    'cp "$ROLLCALL_FILE" "$1/.$ROLLCALL_ID" && mv "$1/.$ROLLCALL_ID" "$1/$ROLLCALL_ID"',
  remove: 'rm -f "$1/$ROLLCALL_ID"',
  verify: 'cmp -s "$ROLLCALL_FILE" "$1/$ROLLCALL_ID"',
  list: 'cd "$1" && for id in *; do test -e "$id" || continue; set -- $(sha256sum "$id"); echo "$id $1"; done',
};

driverContract('exec', async (): Promise<DriverPlace> => {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-driver-'));
  const served = join(root, 'served');
  await mkdir(served);
  const options = Object.fromEntries(
    Object.entries(COMMANDS).map(([step, script]) => [
      step,
      JSON.stringify(['/bin/sh', '-c', script, step, served]),
    ]),
  );
  return {
    open: () => openDriver('exec', options, { env: '1', stateDir: root }),
    content,
    refused: { id: 'refused', content: '[]' },
    tamper: (id) => writeFile(join(served, id), '{"somebody":"else"}'),
    lose: (id) => rm(join(served, id)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
});

/** Names of Ingresses have no underscore. */
const nameOf = (id: string) => `i-${id.replaceAll('_', '-')}`;

driverContract('kubernetes', async (): Promise<DriverPlace> => {
  const place = await openKubernetesPlace();
  const { store } = place.cluster;
  return {
    open: () => place.open(),
    content: (id, version) => JSON.stringify(ingressNamed(nameOf(id), version)),
    refused: { id: 'refused', content: JSON.stringify(ingressNamed('refused..name')) },
    tamper: async (id) =>
      store.edit('test', nameOf(id), ({ spec }) => {
        spec['rules'] = [{ host: 'somebody.else' }];
      }),
    lose: async (id) => store.delete('test', nameOf(id)),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
});

/** A driver that lives elsewhere: a module that exports its `makePlace`. */
const elsewhere = process.env['DRIVER_PLACE'];
if (elsewhere) {
  const { makePlace } = (await import(pathToFileURL(elsewhere).href)) as {
    makePlace: () => Promise<DriverPlace>;
  };
  driverContract(elsewhere, makePlace);
}

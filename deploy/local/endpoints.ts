import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localDir } from './paths.ts';

/** Where the parts of a running system are; what `.local/endpoints.json` holds. */
export interface Endpoints {
  etcd: string[];
  mysql: string;
  controllers: string[];
  aggregators: string[];
  /** URL. */
  gateway: string;
  /** By `<env>/<name>`. */
  agents: Record<string, string>;
}

/**
 * Writes `.local/endpoints.json`, by which the CLI finds the newest system. Disposal removes it,
 * unless a newer run has written its own.
 */
export function publishEndpoints(endpoints: Endpoints): Disposable {
  const file = join(localDir, 'endpoints.json');
  const content = `${JSON.stringify(endpoints, null, 2)}\n`;
  mkdirSync(localDir, { recursive: true });
  // Renamed into place: a reader never sees half of it.
  writeFileSync(`${file}.${process.pid}`, content);
  renameSync(`${file}.${process.pid}`, file);
  return {
    [Symbol.dispose]: () => {
      if (read(file) === content) rmSync(file, { force: true });
    },
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

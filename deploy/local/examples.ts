import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** One manifest of the `examples` folder. */
export interface Example {
  /** `<namespace>.<name>`, as `rollcall apply` names it. */
  id: string;
  labels: Record<string, string>;
  config: Manifest;
  /** Absent: the driver's word is enough. */
  completionPolicy?: 'COMPLETION_POLICY_VERIFIED';
}

interface Manifest {
  metadata: { name: string; namespace: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

/** Reads every document of every example file, ordered by id. */
export function readExamples(): Example[] {
  const dir = join(import.meta.dirname, 'examples');
  return readdirSync(dir)
    .flatMap((name) => parseAllDocuments(readFileSync(join(dir, name), 'utf8')))
    .map((document) => document.toJS() as Manifest)
    .map((config) => ({
      id: `${config.metadata.namespace}.${config.metadata.name}`,
      labels: config.metadata.labels ?? {},
      config,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const BESIDE = join(import.meta.dirname, '../../../shared/ingress-manifests');

/** Folder of the public manifests: `INGRESS_MANIFESTS`, else where they are beside the project. */
export const MANIFESTS = process.env['INGRESS_MANIFESTS'] || BESIDE;

/** Why a test of the manifests is left out; false when they are there. */
export const noManifests = existsSync(MANIFESTS)
  ? false
  : 'the collection of manifests is neither beside the project nor named by INGRESS_MANIFESTS';

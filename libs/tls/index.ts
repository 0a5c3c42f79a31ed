export type { TlsMaterial, TlsPaths } from './material.ts';
export { openTlsFiles, type TlsFiles, type TlsFilesDeps } from './tls-files.ts';
export { openTlsSet, type TlsSet } from './tls-set.ts';

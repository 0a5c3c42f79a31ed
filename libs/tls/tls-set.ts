import type { TlsPaths } from './material.ts';
import { openTlsFiles, type TlsFiles, type TlsFilesDeps } from './tls-files.ts';

/** The TLS files of a process by what they are for; undefined: plaintext. */
export type TlsSet<Name extends string> = Readonly<Record<Name, TlsFiles | undefined>> &
  AsyncDisposable;

/** Opens all of them. Throws ExitError as `openTlsFiles`. */
export async function openTlsSet<Name extends string>(
  paths: Readonly<Record<Name, TlsPaths | undefined>>,
  deps: TlsFilesDeps,
): Promise<TlsSet<Name>> {
  await using stack = new AsyncDisposableStack();
  const opened: Record<string, TlsFiles | undefined> = {};
  for (const [name, files] of Object.entries<TlsPaths | undefined>(paths)) {
    opened[name] = files && stack.use(await openTlsFiles(name, files, deps));
  }
  const open = stack.move();
  const dispose = { [Symbol.asyncDispose]: () => open.disposeAsync() };
  return Object.assign(opened as Record<Name, TlsFiles | undefined>, dispose);
}

/** Exit code of a process that a second signal ended at once. */
const IMPATIENT_EXIT_CODE = 130;

/** Aborted at the first SIGTERM or SIGINT; the second ends the process at once. Call it once. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(IMPATIENT_EXIT_CODE);
    controller.abort(new DOMException(`stopped by ${name}`, 'AbortError'));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return controller.signal;
}

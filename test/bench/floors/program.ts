// A floor, a baseline or a caller is a process of its own: whoever starts it sends a round over IPC,
// and it answers with what it measured. It ends when its starter does.

/** What a program is to do: the same operation again and again, so many at a time, for so long. */
export interface Round {
  readonly seconds: number;
  readonly inFlight: number;
  /** Operations at most, whatever time is left. */
  readonly operationsMax: number;
}

/** How long each operation took in milliseconds, or what else was measured; and the time of all. */
export interface RoundResult {
  readonly samples: readonly number[];
  readonly seconds: number;
}

/** What a program says: that it is ready, the result of a round, or why there is none. */
export type Said =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'result'; readonly result: RoundResult }
  | { readonly kind: 'failed'; readonly message: string };

/** What goes on beside the operations while a round lasts; the returned function ends it. */
export type Meanwhile = () => Promise<() => void>;

/** Measures `once` on demand, until the starter is gone. */
export function serveRounds(once: () => Promise<void>, meanwhile: Meanwhile = nothing): void {
  const measure = async (round: Round): Promise<RoundResult> => {
    const end = await meanwhile();
    return await closedLoop(round, once).finally(end);
  };
  process.on('message', (round: Round) => {
    measure(round).then(
      (result) => say({ kind: 'result', result }),
      (error: unknown) => say({ kind: 'failed', message: String(error) }),
    );
  });
  serveOnly('');
}

/** Says that the program is ready and does its work by itself, until the starter is gone. */
export function serveOnly(address: string): void {
  process.on('disconnect', () => process.exit(0));
  say({ kind: 'ready', address });
}

/** An argument of the program's; throws when it was not given. */
export function argument(index: number, name: string): string {
  const value = process.argv[index + 2];
  if (value === undefined) throw new Error(`argument ${name} is missing`);
  return value;
}

const nothing: Meanwhile = () => Promise.resolve(() => undefined);

function say(said: Said): void {
  process.send?.(said);
}

/** A new operation starts only when one has ended. The first that fails ends the round. */
async function closedLoop(round: Round, once: () => Promise<void>): Promise<RoundResult> {
  const samples: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + round.seconds * 1_000;
  let begun = 0;
  const repeat = async () => {
    while (performance.now() < endMs && begun < round.operationsMax) {
      begun += 1;
      const beganMs = performance.now();
      await once();
      samples.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: round.inFlight }, repeat));
  return { samples, seconds: (performance.now() - startedMs) / 1_000 };
}

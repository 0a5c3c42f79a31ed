import type { Faulted } from './history.ts';

/** How long it took until everything was right again, by fault. */
export interface Recovery {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly maxMs: number;
}

/** Times from the end of a round's last fault to rest. */
export function recoveriesOf(faults: readonly Faulted[]): Recovery[] {
  const times = new Map<string, number[]>();
  const rounds = Map.groupBy(faults, ({ round }) => round);
  for (const events of rounds.values()) {
    const endedMs = Math.max(
      ...events.filter(({ phase }) => phase === 'ended').map(({ atMs }) => atMs),
    );
    const recovered = events.find(({ phase }) => phase === 'recovered');
    if (!recovered) continue;
    const { name } = recovered;
    const list = times.get(name) ?? [];
    list.push(recovered.atMs - endedMs);
    times.set(name, list);
  }
  return [...times]
    .map(([name, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      const p50Ms = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
      return { name, count: sorted.length, p50Ms, maxMs: sorted.at(-1) ?? 0 };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A table for people: what was measured beside what is promised. */
export function tableOf(
  recoveries: readonly Recovery[],
  targetOf: (name: string) => number,
): string {
  const width = Math.max(20, ...recoveries.map(({ name }) => name.length));
  const head = `${'recovery after'.padEnd(width)}      n      p50      max   target`;
  const lines = recoveries.map(({ name, count, p50Ms, maxMs }) => {
    const targetMs = targetOf(name);
    const isLate = maxMs > targetMs ? '  LATE' : '';
    const cells = [
      String(count).padStart(7),
      ...[p50Ms, maxMs, targetMs].map((ms) => `${(ms / 1_000).toFixed(2)} s`.padStart(9)),
    ];
    return `${name.padEnd(width)}${cells.join('')}${isLate}`;
  });
  return [head, ...lines].join('\n');
}

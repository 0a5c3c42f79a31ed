const READ_TIMEOUT_MS = 5_000;

/** What a member without TLS says of itself: numbers by name, and by name with labels as it wrote them. */
export async function readEtcdMetrics(endpoint: string): Promise<Map<string, number>> {
  const answer = await fetch(`http://${endpoint}/metrics`, {
    signal: AbortSignal.timeout(READ_TIMEOUT_MS),
  });
  const lines = (await answer.text()).split('\n');
  const numbers = lines.flatMap((line): [string, number][] => {
    const at = line.lastIndexOf(' ');
    return line === '' || line.startsWith('#')
      ? []
      : [[line.slice(0, at), Number(line.slice(at + 1))]];
  });
  return new Map(numbers);
}

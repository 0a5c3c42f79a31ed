/** Size of a config, the same for product, floor and baseline. */
const CONFIG_BYTES = 512;

/** A JSON object of 512 bytes that no other number has. */
export function contentOf(number: number): string {
  const head = `{"number":${number},"text":"`;
  return `${head}${'x'.repeat(CONFIG_BYTES - head.length - 2)}"}`;
}

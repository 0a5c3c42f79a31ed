import type { GrpcClient } from '#libs/grpc';
import type { ControllerDefinition } from '#proto';
import { contentOf } from './floors/content.ts';

/** Sets of one call, within its limit of bytes. */
const BATCH = 400;
const FILL_TIMEOUT_MS = 30_000;

/** Sets `config-0` to `config-N` of an environment, 512 bytes each. Rejects when one is refused. */
export async function fillConfigs(
  client: GrpcClient<ControllerDefinition>,
  { env, configs }: { env: string; configs: number },
): Promise<void> {
  for (let first = 0; first < configs; first += BATCH) {
    const length = Math.min(BATCH, configs - first);
    const requests = Array.from({ length }, (_, index) => ({
      ...{ env, id: `config-${first + index}`, configJson: contentOf(first + index) },
    }));
    const { outcomes } = await client.call(
      'BatchSetIngressConfigs',
      { requests },
      { timeoutMs: FILL_TIMEOUT_MS },
    );
    const failed = outcomes.find(({ failure }) => failure);
    if (failed) throw new Error(`a Set failed: ${failed.failure?.message}`);
  }
}

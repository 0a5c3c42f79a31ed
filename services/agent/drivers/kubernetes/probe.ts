import { request } from 'node:http';
import { z } from 'zod';
import { DriverError } from '../driver.ts';

/** What an ingress controller answers where it knows no route, or reaches no backend. */
const NOT_ROUTED: readonly number[] = [404, 502, 503, 504];
const PROBE_TIMEOUT_MS = 3_000;
/** Hosts that are asked; a config with more is asked for its first ones. */
const HOSTS_MAX = 20;
/** Of a wildcard, as nobody knows which hosts there are. */
const ANY_HOST = 'rollcall-probe';
/** Paths with other characters may be patterns. */
const PLAIN_PATH = /^\/[-\w./~%]*$/;

const routes = z.object({
  rules: z
    .array(
      z.object({
        host: z.string().default(''),
        http: z.object({ paths: z.array(z.object({ path: z.string().default('/') })) }).optional(),
      }),
    )
    .default([]),
});

/** Asks for a path of each host. Throws a DriverError for the first that is not routed. */
export async function probeIngress(base: URL, spec: unknown, signal: AbortSignal): Promise<void> {
  const { rules = [] } = routes.safeParse(spec).data ?? {};
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
  for (const { host, http } of rules.slice(0, HOSTS_MAX)) {
    const path = http?.paths.map((each) => each.path).find((each) => PLAIN_PATH.test(each));
    if (path === undefined) continue;
    const asked = host.replace(/^\*/, ANY_HOST) || ANY_HOST;
    const code = await statusOf(base, { host: asked, path }, limit).catch((error: unknown) => {
      signal.throwIfAborted();
      const message = 'the ingress controller does not answer';
      throw new DriverError('retry', 'PROBE_UNANSWERED', message, { cause: error });
    });
    if (NOT_ROUTED.includes(code)) {
      throw new DriverError('retry', 'NOT_ROUTED', `the ingress controller answers with ${code}`);
    }
  }
}

async function statusOf(
  base: URL,
  { host, path }: { host: string; path: string },
  signal: AbortSignal,
): Promise<number> {
  const answered = Promise.withResolvers<number>();
  request(new URL(path, base), { method: 'HEAD', headers: { host }, signal, agent: false })
    .once('response', (response) => {
      response.resume();
      answered.resolve(response.statusCode ?? 0);
    })
    .once('error', answered.reject)
    .end();
  return await answered.promise;
}

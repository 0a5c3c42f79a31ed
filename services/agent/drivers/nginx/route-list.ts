import { z } from 'zod';
import { isAddress } from './backends.ts';
import { checkRoutes, rejected, routeOf } from './route-reader.ts';
import type { RouteSet } from './routes.ts';

/** Bound of one config, far above what one team writes. */
const ROUTES_MAX = 10_000;

const list = z.strictObject({
  routes: z
    .array(
      z.strictObject({
        host: z.string().default(''),
        path: z.string().default('/'),
        pathType: z.enum(['Exact', 'Prefix']).default('Prefix'),
        backend: z.string().refine(isAddress),
      }),
    )
    .max(ROUTES_MAX),
});

/** Whether a config is a list of routes, and not an object of Kubernetes. */
export function isRouteList(config: unknown): boolean {
  return typeof config === 'object' && config !== null && !('apiVersion' in config);
}

/**
 * The routes of `{"routes":[{"host","path","pathType","backend":"host:port"}]}`. Throws a DriverError
 * with outcome `rejected` that names the field.
 */
export function readRouteList(config: unknown): RouteSet {
  const parsed = list.safeParse(config);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.filter((part) => typeof part !== 'symbol').join('.');
    throw rejected('NOT_ROUTES', `not a list of routes: see ${at || 'the object'}`);
  }
  const routes = parsed.data.routes.map((route) => routeOf(route.host, route, route.backend));
  checkRoutes(routes);
  return { routes, tls: [], behaviour: {} };
}

import type { FastifyInstance } from 'fastify';
import { Problem } from '../answers/problem.ts';

/** A route as it is served: `GET`, `/v1/events/:id`. */
export interface Route {
  readonly method: string;
  readonly url: string;
}

/**
 * Knows every route that is served, and which methods a path has, to tell a wrong method (405) from a wrong path (404).
 */
export class RouteTable {
  readonly #routes: (Route & { readonly pattern: RegExp })[] = [];

  /** Begins to listen for routes; to be called before any is registered. */
  observe(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      const pattern = new RegExp(
        `^${url
          .replaceAll('.', '\\.')
          .replaceAll('*', '.*')
          .replaceAll(/:[^/]+/g, '[^/]+')}/?$`,
      );
      for (const one of [method].flat()) this.#routes.push({ method: one, url, pattern });
    });
  }

  /** Every route that was registered since. */
  list(): readonly Route[] {
    return this.#routes.map(({ method, url }) => ({ method, url }));
  }

  /** What to answer a request that no route takes. */
  refuse(method: string, url: string): Problem {
    const [path = ''] = url.split('?');
    const allowed = new Set(
      this.#routes.filter(({ pattern }) => pattern.test(path)).map((one) => one.method),
    );
    if (allowed.size === 0) {
      return new Problem(404, 'route_not_found', {
        detail: `Nothing is served at ${method} ${path}; /docs lists every route.`,
      });
    }
    const allow = [...allowed].sort().join(', ');
    return new Problem(405, 'method_not_allowed', {
      detail: `${path} does not take ${method}, only ${allow}.`,
      headers: { Allow: allow },
    });
  }
}

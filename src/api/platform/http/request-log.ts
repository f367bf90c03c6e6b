import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../../../logger.ts';
import type { CalledRequest } from '../access/caller.ts';

/** One wide line a request once it is answered, without its query, headers and body: `debug` for successes, `info` for refusals, `warn` for failures. */
export function logRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 500 ? 'warn' : reply.statusCode >= 400 ? 'info' : 'debug';
    logger[level](
      {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        caller: callerOf(request),
      },
      'request',
    );
    done();
  });
}

function callerOf(request: FastifyRequest): string | null {
  const { caller } = request as CalledRequest;
  return caller?.keyId ?? caller?.kind ?? null;
}

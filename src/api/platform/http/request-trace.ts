import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { beginAccept, type TracedWork } from '../../../tracing/spans.ts';
import { readTraceParent } from '../../../tracing/trace-parent.ts';
import type { RefusedRequest } from '../answers/problem.filter.ts';
import { publishes } from './request-metrics.ts';

/** A request that says in which trace it belongs, or that is traced by us. */
interface TracedRequest {
  traceParent?: string | null;
  tracedWork?: TracedWork;
}

/** Reads the trace of every request, and traces those that publish. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request: FastifyRequest & TracedRequest, _reply, done) => {
    const traceParent = readTraceParent(request.headers.traceparent);
    const route = request.routeOptions.url ?? '';
    const work = publishes(request) ? beginAccept({ route, traceParent }) : null;
    request.traceParent = work?.traceParent ?? traceParent;
    if (work !== null) request.tracedWork = work;
    done();
  });
  server.addHook(
    'onResponse',
    (request: FastifyRequest & TracedRequest & RefusedRequest, { statusCode }, done) => {
      request.tracedWork?.end({ statusCode, errorCode: request.problem?.code ?? null });
      done();
    },
  );
}

/** The trace that a request belongs to; null where it says none. */
export function traceParentOf(request: FastifyRequest): string | null {
  return (request as FastifyRequest & TracedRequest).traceParent ?? null;
}

/** The same as a parameter of a route. */
export const TraceParent = createParamDecorator((_: unknown, context: ExecutionContext): string | null =>
  traceParentOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

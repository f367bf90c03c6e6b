import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problemText } from '../../../domain/problems/problem-code.ts';
import type { Logger } from '../../../logger.ts';
import { loggedTrace } from '../../../tracing/trace-parent.ts';
import type { CalledRequest } from '../access/caller.ts';
import { causeText, isOfDatabase } from '../answers/database-trouble.ts';
import type { RefusedRequest } from '../answers/problem.filter.ts';
import { traceParentOf } from './request-trace.ts';

const MAX_DETAIL = 500;
const MAX_FAULTS = 10;

/**
 * One wide line a request once it is answered, without its query, headers and body: `debug` for successes, `info` for
 * refusals, `warn` for failures.
 */
export function logRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 500 ? 'warn' : reply.statusCode >= 400 ? 'info' : 'debug';
    logger[level](
      {
        request_id: request.id,
        ...loggedTrace(traceParentOf(request)),
        method: request.method,
        route: request.routeOptions.url ?? null,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        caller: callerOf(request),
        ...whyRefused(request),
      },
      'request',
    );
    done();
  });
}

/**
 * The code and the sentence of the problem that was answered; of an input only which faults it has, since sentences
 * quote it.
 */
function whyRefused(request: FastifyRequest): object {
  const { problem } = request as FastifyRequest & RefusedRequest;
  if (problem === undefined) return {};
  const { code, errors, message } = problem;
  const faults = [...new Set(errors.map((fault) => fault.code))].slice(0, MAX_FAULTS);
  const detail = faults.length === 0 ? message.slice(0, MAX_DETAIL) : (problemText(code)?.title ?? code);
  const reason = isOfDatabase(problem) ? { reason: causeText(problem.cause) } : {};
  return { code, detail, ...(faults.length > 0 && { faults }), ...reason };
}

function callerOf(request: FastifyRequest): string | null {
  const { caller } = request as CalledRequest;
  return caller?.keyId ?? caller?.kind ?? null;
}

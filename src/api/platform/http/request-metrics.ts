import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authFailures, rateLimited, requestDuration } from '../../../metrics/http-metrics.ts';
import { eventsPublished } from '../../../metrics/publish-metrics.ts';
import type { RefusedRequest } from '../answers/problem.filter.ts';
import { EVENT_STREAM } from '../streams/event-stream.ts';

/** Whoever asks for what is nowhere must not make labels. */
const UNMATCHED = 'unmatched';
const PUBLISHING = /^\/v1\/events(?:\/batch)?$/;

/** Counts every request once it is answered, by its route and never by its path. */
export function countRequests(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const labels = {
      http_request_method: request.method,
      http_route: request.routeOptions.url ?? UNMATCHED,
      http_response_status_code: reply.statusCode,
    };
    // How long somebody listens says nothing of how fast we answer.
    if (!isStream(reply)) requestDuration.observe(labels, reply.elapsedTime / 1_000);
    countRefusal(request, reply);
    done();
  });
}

function isStream(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type') ?? '').startsWith(EVENT_STREAM);
}

function countRefusal(request: FastifyRequest, { statusCode }: FastifyReply): void {
  if (statusCode < 400) return;
  const code = (request as FastifyRequest & RefusedRequest).problem?.code ?? 'none';
  if (statusCode === 401 || statusCode === 403) authFailures.inc({ code });
  else if (statusCode === 429) rateLimited.inc({ code });
  if (publishes(request) && statusCode < 500) eventsPublished.inc({ event: 'other', result: 'rejected' });
}

/** Whether a request is one that hands in events. */
export function publishes({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && PUBLISHING.test(routeOptions.url ?? '');
}

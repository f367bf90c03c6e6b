import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../logger.ts';
import type { ServerCertificate } from '../../../settings/certificate-files.ts';
import { describeError } from '../answers/describe-error.ts';
import { sendProblem } from '../answers/problem.filter.ts';
import { PROBLEM_MEDIA_TYPE, Problem } from '../answers/problem.ts';
import { toJson } from '../answers/raw-json.ts';
import { withoutBase } from './base-path.ts';
import type { Departure } from './departure.ts';
import { drainBody } from './drain-body.ts';
import { followCertificate, LEAST_VERSION } from './follow-certificate.ts';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.ts';
import { acceptBodies, type BodyLimits } from './json-body.ts';
import { endUnansweredConnections } from './open-connections.ts';
import { parseQuery } from './query-text.ts';
import { logRequests } from './request-log.ts';
import { countRequests } from './request-metrics.ts';
import { traceRequests } from './request-trace.ts';
import type { RouteTable } from './route-table.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** Longer than any id or event type name; what is longer is not found. */
const MAX_PARAM_LENGTH = 512;
/** For answers that are no pages; pages have their own. */
const NO_CONTENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SECURITY_HEADERS = {
  'Content-Security-Policy': NO_CONTENT,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
};

export interface HttpAdapterOptions {
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
  /** Taken off the front of paths that have it. */
  readonly basePath: string;
  readonly bodies: BodyLimits;
  readonly limits?: HttpLimits | undefined;
  /** Answers over HTTPS with it; over HTTP where there is none. */
  readonly certificate?: ServerCertificate | null;
}

/** The HTTP server under Nest: request ids, security headers, bodies, one log line a request, and a clean end. */
export function createHttpAdapter(
  { logger, trustedProxies, basePath, bodies, certificate = null, limits = HTTP_LIMITS }: HttpAdapterOptions,
  { routes, departure }: { readonly routes: RouteTable; readonly departure: Departure },
): FastifyAdapter {
  const serving = {
    requireHostHeader: false,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  };
  const adapter = new FastifyAdapter({
    logger: false,
    // Whose X-Forwarded-For counts; without any the peer is the client.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    rewriteUrl: ({ url = '/' }) => withoutBase(url, basePath),
    routerOptions: {
      maxParamLength: MAX_PARAM_LENGTH,
      ignoreTrailingSlash: true,
      querystringParser: parseQuery,
    },
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    return503OnClosing: false,
    // Node would refuse it by itself, without a problem; see `refuseUnclearHosts`.
    ...(certificate === null ? { http: serving } : { https: { ...serving, ...pemOf(certificate) } }),
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.silenceMs,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      addStandardHeaders(request, reply);
      sendProblem(describeError(error), request, reply);
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) =>
      answerBrokenHttp(error, { socket, basePath }),
  });
  const server: FastifyInstance = adapter.getInstance();
  server.decorate('basePath', basePath);
  routes.observe(server);
  server.setReplySerializer(toJson);
  acceptBodies(server, bodies);
  server.addHook('onRequest', (request, reply, done) => {
    addStandardHeaders(request, reply);
    done();
  });
  refuseUnclearHosts(server);
  refuseExpectations(server);
  letLargeBodiesFinish(server);
  endConnectionsOnLeaving(server, departure);
  endUnansweredConnections(server);
  traceRequests(server);
  logRequests(server, logger);
  countRequests(server);
  followCertificate(server.server, { certificate, logger });
  return adapter;
}

function pemOf({ cert, key }: ServerCertificate): SecureContextOptions {
  return { cert, key, minVersion: LEAST_VERSION };
}

/**
 * HTTP/1.1 asks every request for one Host header, and HTTP/1.0 for no more (RFC 9112, 3.2): readers of two may differ.
 */
function refuseUnclearHosts(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { httpVersion, rawHeaders } = request.raw;
    const hosts = rawHeaders.filter((name, place) => place % 2 === 0 && /^host$/i.test(name)).length;
    if (hosts === 1 || (hosts === 0 && httpVersion !== '1.1')) return done();
    const detail = 'An HTTP/1.1 request needs one Host header, and none may have two.';
    sendProblem(new Problem(400, 'http_malformed', { detail }), request, reply);
  });
}

/** Only `100-continue` can be expected of us (RFC 9110, 10.1.1). */
function refuseExpectations(server: FastifyInstance): void {
  server.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const detail = 'Of all expectations only 100-continue is met; leave the Expect header out.';
    const body = new Problem(417, 'expectation_failed', { detail }).toBody({
      requestId: randomUUID(),
      basePath: server.basePath,
    });
    response.writeHead(417, {
      'Content-Type': PROBLEM_MEDIA_TYPE,
      'X-Request-Id': body.request_id,
      ...SECURITY_HEADERS,
      Connection: 'close',
    });
    response.end(JSON.stringify(body));
  });
}

function letLargeBodiesFinish(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode === 413) await drainBody(request.raw);
    return payload;
  });
}

/** Before the server closes every answer ends its connection, so that keep-alive clients do not hold it open. */
function endConnectionsOnLeaving(server: FastifyInstance, departure: Departure): void {
  server.addHook('preClose', async () => await departure.begin(0));
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (departure.endsConnections) void reply.header('Connection', 'close');
    done();
  });
}

function addStandardHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({ 'X-Request-Id': request.id, ...SECURITY_HEADERS });
}

function answerBrokenHttp(
  error: Error & { code?: string },
  { socket, basePath }: { readonly socket: Socket; readonly basePath: string },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const problem = describeBrokenHttp(error.code);
  const answer = problem.toBody({ requestId: randomUUID(), basePath });
  const body = JSON.stringify(answer);
  const headers = {
    'Content-Type': PROBLEM_MEDIA_TYPE,
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': answer.request_id,
    ...SECURITY_HEADERS,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} ${answer.title}\r\n${lines.join('')}\r\n${body}`);
}

function describeBrokenHttp(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem(431, 'headers_too_large', { detail: 'The request headers are too large.' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(408, 'request_timeout', { detail: 'The request did not arrive in time.' });
  return new Problem(400, 'http_malformed', { detail: 'This is not a valid HTTP request.' });
}

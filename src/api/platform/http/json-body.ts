import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { Pace } from '../../../loop-turns.ts';
import type { CalledRequest } from '../access/caller.ts';
import { Problem } from '../answers/problem.ts';
import { parseBatchJson } from '../input/batch-json.ts';
import { parseStrictJsonInTurns } from '../input/strict-json.ts';
import { BodyBudget, STRANGERS } from './body-budget.ts';
import { IncomingBody } from './incoming-body.ts';

/** Deepest nesting of `data`, its own braces counted. */
export const MAX_DATA_DEPTH = 64;
export const MAX_BATCH_EVENTS = 1_000;
/** Of other senders, by one request. */
export const MAX_IMPORTED_ENDPOINTS = 1_000;
const MAX_BATCH_BODY_BYTES = 16_777_216;
/** A thousand endpoints with headers and metadata. */
const MAX_IMPORT_BODY_BYTES = 4_194_304;
const MAX_ECHO_BODY_BYTES = 1_048_576;
/** Of every other route: room for an event of the default size, as `tools` take it. */
const MAX_OTHER_BODY_BYTES = 270_336;
/** How long a body that nobody asked for may go on coming after the answer. */
const MAX_DISCARD_MS = 5_000;
/** Room for the members around `data`. */
const ENVELOPE_BYTES = 8_192;

const BATCH_ROUTE = '/v1/events/batch';
const IMPORT_ROUTE = '/v1/imports';
const ECHO_ROUTE = '/v1/echo/:name';
/** The routes whose `data` has the size that the operator sets. */
const DATA_ROUTES = ['/v1/events', '/v1/endpoints/:id/test'];
/**
 * Where an object holds data that goes to receivers token for token: in the bodies of these routes, and in each event
 * of a batch.
 */
const DATA_PATH = ['data'];
const VERBATIM_ROUTES = [...DATA_ROUTES, '/v1/tools/sign'];

/** What bounds bodies: the largest `data` of one event as compact JSON, and the bytes of all bodies held at a time. */
export interface BodyLimits {
  readonly maxEventBytes: number;
  readonly maxBufferedBytes: number;
}

/**
 * A JSON body as it comes; it is read only once the caller is known, so that strangers cost no memory and no parsing.
 */
export class JsonBody extends IncomingBody {
  readonly #parse: (bytes: Buffer) => unknown;
  #value: Promise<unknown> | null = null;

  constructor(
    stream: ConstructorParameters<typeof IncomingBody>[0],
    options: ConstructorParameters<typeof IncomingBody>[1] & { readonly parse: (bytes: Buffer) => unknown },
  ) {
    super(stream, options);
    this.#parse = options.parse;
  }

  /** The value it stands for, read once. @throws Problem 4xx, 503; see `IncomingBody.bytes` and `parseStrictJson` */
  async value(): Promise<unknown> {
    this.#value ??= this.bytes().then((bytes) => this.#parse(bytes));
    return await this.#value;
  }

  /** The value where somebody has read it. */
  async valueIfRead(): Promise<unknown> {
    return await this.#value;
  }
}

/**
 * Teaches Fastify our bodies: JSON, and bytes of any type for the echo receiver, are left with the client until they
 * are asked for; everything else is 415.
 */
export function acceptBodies(server: FastifyInstance, limits: BodyLimits): void {
  const budget = new BodyBudget(limits.maxBufferedBytes);
  const optionsOf = (request: FastifyRequest) => ({
    maxBytes: bodyLimitOf(request.routeOptions.url, limits),
    openShare: () => budget.open(ownerOf(request)),
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', (request, stream, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (isEcho(request)) done(null, new IncomingBody(stream, optionsOf(request)));
    else if (encoding !== 'identity') done(asFastifyError(unsupported(`content-encoding ${encoding}`)));
    else done(null, new JsonBody(stream, { ...optionsOf(request), parse: parserOf(request, limits) }));
  });
  server.addContentTypeParser('*', (request, stream, done) => {
    if (request.is404 || isEcho(request)) done(null, new IncomingBody(stream, optionsOf(request)));
    else done(asFastifyError(unsupported(request.headers['content-type'])));
  });
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (mayHaveBody(request)) reply.raw.once('close', () => endBodyOf(request));
    done(null, payload);
  });
}

function bodyLimitOf(url: string | undefined, { maxEventBytes }: BodyLimits): number {
  if (url === BATCH_ROUTE) return MAX_BATCH_BODY_BYTES;
  if (url === IMPORT_ROUTE) return MAX_IMPORT_BODY_BYTES;
  if (url === ECHO_ROUTE) return Math.max(MAX_ECHO_BODY_BYTES, maxEventBytes + ENVELOPE_BYTES);
  return url !== undefined && DATA_ROUTES.includes(url)
    ? maxEventBytes + ENVELOPE_BYTES
    : MAX_OTHER_BODY_BYTES;
}

/** In a body `data` lies one level below the outermost object. */
function parserOf(
  { routeOptions }: FastifyRequest,
  { maxEventBytes }: BodyLimits,
): (bytes: Buffer) => unknown {
  const maxDepth = MAX_DATA_DEPTH + 1;
  const { url = '' } = routeOptions;
  if (url === BATCH_ROUTE) {
    const bounds = { maxItems: MAX_BATCH_EVENTS, maxItemBytes: maxEventBytes + ENVELOPE_BYTES };
    return (bytes) =>
      parseBatchJson(bytes, { ...bounds, list: 'events', maxItemDepth: maxDepth, verbatim: DATA_PATH });
  }
  if (url === IMPORT_ROUTE) {
    const bounds = { maxItems: MAX_IMPORTED_ENDPOINTS, maxItemBytes: MAX_OTHER_BODY_BYTES };
    return (bytes) =>
      parseBatchJson(bytes, { ...bounds, list: 'endpoints', maxItemDepth: maxDepth, verbatim: [] });
  }
  const verbatim = VERBATIM_ROUTES.includes(url) ? DATA_PATH : [];
  return (bytes) => parseStrictJsonInTurns(bytes, { maxDepth, verbatim, pace: new Pace() });
}

function ownerOf({ caller }: CalledRequest): string {
  return caller === undefined ? STRANGERS : (caller.keyId ?? caller.kind);
}

function mayHaveBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** After the answer: what was read counts no longer, and what was not has a while to be thrown away. */
function endBodyOf({ body, raw }: FastifyRequest): void {
  if (body instanceof IncomingBody) body.release();
  if (raw.complete) return;
  // Clients that are still sending would otherwise not see the answer.
  setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, MAX_DISCARD_MS).unref();
}

function isEcho(request: FastifyRequest): boolean {
  return request.routeOptions.url === ECHO_ROUTE;
}

function unsupported(given: string | undefined): Problem {
  return new Problem(415, 'unsupported_media_type', {
    detail: `The body must be plain application/json; this one is ${given ?? 'of no stated type'}.`,
  });
}

/** Fastify passes any error on as it is; its types want a `FastifyError`. */
function asFastifyError(problem: Problem): FastifyError {
  return problem as unknown as FastifyError;
}

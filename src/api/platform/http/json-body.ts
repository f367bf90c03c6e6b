import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../answers/problem.ts';
import type { ScanOptions } from '../input/json-scan.ts';
import type { JsonPath } from '../input/json-text.ts';
import { parseStrictJson } from '../input/strict-json.ts';

/** Largest `data` of one event, as compact JSON in UTF-8. */
export const MAX_DATA_BYTES = 262_144;
/** Deepest nesting of `data`, its own braces counted. */
export const MAX_DATA_DEPTH = 64;
export const MAX_BATCH_BODY_BYTES = 16_777_216;
export const MAX_ECHO_BODY_BYTES = 1_048_576;
/** Room for the members around `data`. */
const ENVELOPE_BYTES = 8_192;

const BATCH_ROUTE = '/v1/events/batch';
const ECHO_ROUTE = '/v1/echo/:name';

/** Where the bodies of these routes carry data that goes to receivers token for token. */
const DATA_PATHS: ReadonlyMap<string | undefined, JsonPath> = new Map([
  ['/v1/events', ['data']],
  [BATCH_ROUTE, ['events', null, 'data']],
  ['/v1/endpoints/:id/test', ['data']],
  ['/v1/tools/sign', ['data']],
]);

/** A body as it came; it is read only once the caller is known, so that strangers cost no parsing. */
export class JsonBody {
  readonly #bytes: Buffer;
  readonly #options: ScanOptions;

  constructor(bytes: Buffer, options: ScanOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  /** @throws Problem 400 or 422, see `parseStrictJson` */
  parse(): unknown {
    return parseStrictJson(this.#bytes, this.#options);
  }
}

/**
 * Teaches Fastify our bodies: JSON is kept as bytes within the limit of its route, everything else is 415; the echo
 * receiver takes any type as bytes.
 */
export function acceptBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.bodyLimit = bodyLimitOf(route.url);
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    keepJson(request, body as Buffer, done);
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.is404 || isEcho(request)) done(null, body);
    else done(asFastifyError(unsupported(request.headers['content-type'])));
  });
}

function bodyLimitOf(url: string): number {
  if (url === BATCH_ROUTE) return MAX_BATCH_BODY_BYTES;
  return url === ECHO_ROUTE ? MAX_ECHO_BODY_BYTES : MAX_DATA_BYTES + ENVELOPE_BYTES;
}

type Done = (error: FastifyError | null, body?: unknown) => void;

function keepJson(request: FastifyRequest, bytes: Buffer, done: Done): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (isEcho(request)) done(null, bytes);
  else if (encoding === 'identity') done(null, new JsonBody(bytes, scanOptionsOf(request)));
  else done(asFastifyError(unsupported(`content-encoding ${encoding}`)));
}

/** As deep as `data` may be: it lies one level below the outermost object, in a batch three. */
function scanOptionsOf({ routeOptions: { url } }: FastifyRequest): ScanOptions {
  const verbatim = DATA_PATHS.get(url) ?? [];
  return { maxDepth: MAX_DATA_DEPTH + Math.max(1, verbatim.length), verbatim };
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

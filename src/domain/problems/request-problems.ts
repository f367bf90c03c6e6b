import type { ProblemText } from './problem-text.ts';

/** What is wrong with a request as HTTP and JSON, and what fails on our side. */
export const REQUEST_PROBLEMS = {
  http_malformed: {
    title: 'The request is not valid HTTP',
    meaning: 'The request breaks the rules of HTTP, for example with two Host headers or none.',
    advice: 'Send it with a standard HTTP client; look at proxies on the way that change requests.',
  },
  url_malformed: {
    title: 'The URL is not validly encoded',
    meaning: 'The path or query has a broken percent escape.',
    advice: 'Encode ids and values as URLs want it, in UTF-8.',
  },
  content_length_wrong: {
    title: 'Content-Length does not fit the body',
    meaning: 'The header announces another number of bytes than came.',
    advice: 'Let the HTTP client work it out, in bytes and not in characters.',
  },
  headers_too_large: {
    title: 'The request headers are too large',
    meaning: 'All headers together are larger than the server takes.',
    advice: 'Send fewer or shorter headers; cookies of other sites are a usual cause.',
  },
  request_timeout: {
    title: 'The request did not arrive in time',
    meaning: 'Headers have ten seconds to arrive, and the whole request a minute.',
    advice: 'Send it again; if it recurs, look at the network and at the size of the body.',
  },
  expectation_failed: {
    title: 'The expectation cannot be met',
    meaning: 'Of all values of the Expect header only 100-continue is known.',
    advice: 'Leave the Expect header out.',
  },
  unsupported_media_type: {
    title: 'The body is not plain JSON',
    meaning: 'The body must be application/json without compression.',
    advice: 'Set Content-Type to application/json and send the body uncompressed.',
  },
  body_too_large: {
    title: 'The body is too large',
    meaning: 'The body has more bytes than this route takes.',
    advice: 'Send less at once; split batches, and send a link in place of large data.',
  },
  body_empty: {
    title: 'The body is missing',
    meaning: 'This route needs a JSON body, and none came.',
    advice: 'Send a JSON object, with Content-Type application/json.',
  },
  json_malformed: {
    title: 'The body is not valid JSON',
    meaning: 'The body is not JSON in UTF-8, or it begins with a byte order mark.',
    advice: 'Write it by a JSON library, in UTF-8 without byte order mark.',
  },
  route_not_found: {
    title: 'Nothing is served at this path',
    meaning: 'No route has this path.',
    advice: 'Check the path against the list at /docs.',
  },
  method_not_allowed: {
    title: 'The path does not take this method',
    meaning: 'There is a route of this path, but not for this method.',
    advice: 'Use one of the methods that the Allow header names.',
  },
  not_found: {
    title: 'There is no such thing',
    meaning: 'Nothing with this id exists, or it belongs to another customer, or its retention is over.',
    advice: 'Check the id and the key that asks for it.',
  },
  invalid_request: {
    title: 'The request has several faults',
    meaning: 'More than one member or parameter is wrong; `errors` names each.',
    advice: 'Correct everything that `errors` names.',
  },
  internal_error: {
    title: 'Something failed inside Posthorn',
    meaning: 'An unexpected fault, which is in the log of the server.',
    advice:
      'Send it again, with an idempotency key where it publishes. If it recurs, show the operator the request_id.',
  },
  database_unavailable: {
    title: 'The database cannot be reached',
    meaning: 'Postgres is away, so nothing was done that was not done before.',
    advice: 'Send it again after Retry-After seconds, with an idempotency key where it publishes.',
  },
  database_busy: {
    title: 'The database is busy',
    meaning: 'A lock or a statement took too long; nothing was changed.',
    advice: 'Send it again after Retry-After seconds.',
  },
  request_refused: {
    title: 'The request is refused',
    meaning: 'The server refused the request for a reason that has no code of its own.',
    advice: 'Read `detail` and the status, which say more.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;

import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { DomainError, type DomainErrorKind } from '../../../domain/errors.ts';
import type { ProblemCode } from '../../../domain/problems/problem-code.ts';
import { type UnavailableCode, unavailableCodeOf } from '../../../storage/postgres/database-unavailable.ts';
import { ReadsBusyError } from '../../../storage/postgres/read-pool.ts';
import { Problem } from './problem.ts';

const STATUS_OF_KIND: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};
const RETRY_AFTER = { 'Retry-After': '2' };

const DETAIL_OF_UNAVAILABLE: Readonly<Record<UnavailableCode, string>> = {
  database_unavailable:
    'Postgres cannot be reached. Repeat the request in a moment; with an idempotency key that is safe in any case.',
  schema_outdated:
    'The database does not have the schema of this version of Posthorn; ' +
    'whoever operates it has to migrate it. Nothing was accepted.',
};

/** Lock and statement timeouts, serialization failures and deadlocks: the same request may succeed in a moment. */
const BUSY = new Set(['55P03', '57014', '40001', '40P01']);
/** A text that Postgres cannot store; refused before as far as we know. */
const UNSTORABLE = new Set(['22021', '22P05']);

/** The way on from some of what the domain refuses. */
const WAYS_ON: Readonly<Record<string, string>> = {
  endpoint_unverified: ' POST /v1/endpoints/{id}/verify first.',
  verification_not_retryable: ' POST /v1/endpoints/{id}/verify sends another.',
};

/** What Fastify itself refuses, with our codes. */
const FASTIFY_REFUSALS: Readonly<
  Record<string, readonly [status: number, code: ProblemCode, detail: string]>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body_too_large', 'The body is larger than this route takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'The body must be application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'content_length_wrong', 'Content-Length does not fit the body.'],
  FST_ERR_BAD_URL: [400, 'url_malformed', 'The URL is not validly encoded.'],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'not_found', 'There is no such resource.'],
};

/** The answer to any error at all. What nobody expected becomes a 500 that says nothing about the inside. */
export function describeError(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError) return fromDomain(error);
  if (error instanceof HttpException) {
    // The adapter wraps what Fastify refuses.
    return error.cause === undefined ? fromStatus(error.getStatus(), error) : describeError(error.cause);
  }
  const code = codeOf(error);
  const refusal = FASTIFY_REFUSALS[code];
  if (refusal !== undefined) return new Problem(refusal[0], refusal[1], { detail: refusal[2], cause: error });
  if (error instanceof ReadsBusyError) return busy(error);
  const unavailable = unavailableCodeOf(error);
  if (unavailable !== null) {
    const detail = DETAIL_OF_UNAVAILABLE[unavailable];
    return new Problem(503, 'database_unavailable', { detail, headers: RETRY_AFTER, cause: error });
  }
  if (BUSY.has(code)) return busy(error);
  if (UNSTORABLE.has(code)) {
    const detail = 'A text in the request contains characters that cannot be stored.';
    return new Problem(422, 'unstorable_text', { detail, cause: error });
  }
  return fromUnknown(error);
}

function busy(cause: unknown): Problem {
  const detail = 'Postgres is busy; nothing was changed. Repeat the request in a moment.';
  return new Problem(503, 'database_busy', { detail, headers: RETRY_AFTER, cause });
}

function fromDomain(error: DomainError): Problem {
  return new Problem(STATUS_OF_KIND[error.kind], error.code, {
    detail: error.message + (WAYS_ON[error.code] ?? ''),
    errors: error.problems,
    headers: error.kind === 'unavailable' ? RETRY_AFTER : {},
    cause: error,
  });
}

function fromStatus(status: number, error: unknown): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return new Problem(status, 'request_refused', { detail: `${title}.`, cause: error });
}

function fromUnknown(error: unknown): Problem {
  const status = isObject(error) && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return fromStatus(status, error);
  const detail = 'Something failed inside Posthorn. Its log tells more under this request_id.';
  return new Problem(500, 'internal_error', { detail, cause: error });
}

function codeOf(error: unknown): string {
  if (!isObject(error)) return '';
  if ('code' in error) return String(error.code);
  return 'cause' in error ? codeOf(error.cause) : '';
}

/** Not every error is an `Error` to `instanceof`: those of Fastify and of Node's own realm need not be. */
function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null;
}

import type { OpenAPIObject } from '@nestjs/swagger';
import { PUBLIC_EXTENSION, SCOPE_EXTENSION, scopeOfMethod } from '../platform/access/caller.ts';
import { ERROR_MEANINGS, problemContent } from '../platform/answers/document.ts';
import { headerReferences, headersOf } from '../platform/answers/response-headers.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], undefined | { $ref: string }>;

/** Names of the answers that many operations share (RFC 9110, 15.5 and 15.6). */
const NAMES: Readonly<Record<string, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableContent',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
};

/** What every operation with a key may answer. */
const WITH_KEY = ['401', '403', '429', '503'];

/** The error answers that operations refer to, by name. */
export function sharedProblems(): Readonly<Record<string, Response>> {
  return Object.fromEntries(
    Object.entries(NAMES).map(([status, name]) => [name, problemAnswer(status, { isPublic: false })]),
  );
}

/**
 * Adds to an operation what its route does not say: the scope it needs, the errors of keys and quotas, the headers of
 * all answers.
 */
export function completeOperation(operation: Operation, method: string): void {
  const extended = operation as Operation & Record<string, unknown>;
  const isPublic = extended[PUBLIC_EXTENSION] === true;
  delete extended[PUBLIC_EXTENSION];
  if (isPublic) operation.security = [];
  else requireKey(extended, method);
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response === undefined || '$ref' in response) continue;
    const headers = { ...headerReferences(headersOf(status, { isPublic })), ...response.headers };
    operation.responses[status] =
      !isPublic && isShared(status, response) ? refer(status) : { ...response, headers };
  }
}

function requireKey(operation: Operation & Record<string, unknown>, method: string): void {
  operation[SCOPE_EXTENSION] ??= scopeOfMethod(method);
  operation.security = [{ key: [String(operation[SCOPE_EXTENSION])] }];
  for (const status of WITH_KEY) operation.responses[status] ??= problemAnswer(status, { isPublic: false });
}

/** Whether an answer says no more than the shared one of its status. */
function isShared(status: string, { description }: Response): boolean {
  return status in NAMES && description === ERROR_MEANINGS[Number(status)];
}

function refer(status: string): { readonly $ref: string } {
  return { $ref: `#/components/responses/${NAMES[status]}` };
}

function problemAnswer(status: string, { isPublic }: { readonly isPublic: boolean }): Response {
  return {
    description: ERROR_MEANINGS[Number(status)] ?? 'Refused.',
    headers: headerReferences(headersOf(status, { isPublic })),
    content: problemContent(),
  };
}

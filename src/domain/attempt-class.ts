import type { AttemptOutcome } from './attempt.ts';
import { TRANSPORT_ERROR_ADVICE } from './error-code.ts';

/**
 * What came of an attempt, roughly: the class of the answer, or at which step there was none. `refused`: by ourselves.
 */
export type AttemptClass =
  | '2xx'
  | '3xx'
  | '4xx'
  | '5xx'
  | 'timeout'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'refused'
  | 'other';

const BY_CODE: readonly (readonly [code: RegExp, name: AttemptClass])[] = [
  [/^http_4/, '4xx'],
  [/^http_/, '5xx'],
  [/^redirect_/, '3xx'],
  [/^(?:timeout|connection_timeout)$/, 'timeout'],
  [/^dns_/, 'dns'],
  [/^(?:connection_|network_|proxy_)/, 'connect'],
  [/^tls_/, 'tls'],
  [/^destination_/, 'refused'],
];

/** Statuses with a label of their own; the others of their hundred share one. */
const LABELLED_STATUSES: ReadonlySet<string> = new Set(
  [400, 401, 403, 404, 405, 408, 410, 413, 422, 429, 500, 502, 503, 504].map((status) => `http_${status}`),
);

/** The class of an outcome. */
export function attemptClassOf({ errorCode }: Pick<AttemptOutcome, 'errorCode'>): AttemptClass {
  if (errorCode === null) return '2xx';
  return BY_CODE.find(([code]) => code.test(errorCode))?.[1] ?? 'other';
}

/** An error code as a label: receivers choose statuses, and must not make labels. */
export function errorLabelOf(errorCode: string): string {
  if (Object.hasOwn(TRANSPORT_ERROR_ADVICE, errorCode) || LABELLED_STATUSES.has(errorCode)) return errorCode;
  return errorCode.startsWith('http_4') ? 'http_4xx' : errorCode.startsWith('http_') ? 'http_5xx' : 'other';
}

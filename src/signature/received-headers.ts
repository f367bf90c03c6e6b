import { type VerificationCode, WebhookVerificationError } from './verification-error.ts';

/** Received headers: a `Headers` object, or a record such as Node's `request.headers`, names in any case. */
export type ReceivedHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether a header of this lowercase name came at all. */
export function hasHeader(headers: ReceivedHeaders | undefined, name: string): boolean {
  return headerValues(headers, name).length > 0;
}

/** The one value of a header, or the error to report (not thrown) where it is missing, doubled or no text. */
export function readHeader(
  headers: ReceivedHeaders | undefined,
  name: string,
  codes: { readonly missing: VerificationCode; readonly malformed: VerificationCode },
): string | WebhookVerificationError {
  const [value, ...others] = headerValues(headers, name);
  if (value === undefined)
    return new WebhookVerificationError(codes.missing, `The ${name} header is missing.`);
  if (typeof value === 'string' && others.length === 0) return value;
  return new WebhookVerificationError(codes.malformed, `The ${name} header must come once, as text.`);
}

function headerValues(headers: unknown, name: string): readonly unknown[] {
  if (typeof headers !== 'object' || headers === null) return [];
  const values: readonly unknown[] = isHeadersObject(headers)
    ? [headers.get(name)]
    : Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
  return values.filter((value) => value !== undefined && value !== null);
}

function isHeadersObject(headers: object): headers is { get(name: string): unknown } {
  return 'get' in headers && typeof headers.get === 'function';
}

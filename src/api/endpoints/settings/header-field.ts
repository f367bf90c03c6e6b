import { z } from 'zod';
import { isHeaderName, isHeaderValue, isOwnedHeaderName } from '../../../domain/custom-header.ts';
import { type CustomHeader, ENDPOINT_LIMITS, isSensitiveHeaderName } from '../../../domain/endpoint.ts';
import type { InputProblem } from '../../../domain/errors.ts';

const headerValue = z.union(
  [z.string(), z.strictObject({ value: z.string(), sensitive: z.boolean().optional() })],
  { error: 'Must be a text, or an object with "value" and optionally "sensitive".' },
);

/**
 * The `headers` member: names to values, a value being a text or `{"value", "sensitive"}`; becomes a list of
 * `CustomHeader`.
 */
export const headersField = z
  .record(z.string(), headerValue)
  .superRefine((headers, context) => {
    for (const { path, code, message } of problemsOf(headers)) {
      context.addIssue({ code: 'custom', path: [...path], message, params: { code } });
    }
  })
  .transform((headers) => Object.entries(headers).map(toHeader))
  .meta({
    description:
      'Custom headers of every request, by name. Values of Authorization, Cookie and those marked ' +
      'sensitive are stored encrypted and shown as ***; sending *** back keeps the stored value.',
    examples: [{ 'X-Team': 'data', Authorization: { value: 'Bearer abc', sensitive: true } }],
  });

interface HeaderProblem extends Omit<InputProblem, 'pointer'> {
  readonly path: readonly string[];
}

type HeaderInput = z.infer<typeof headerValue>;

function problemsOf(headers: Readonly<Record<string, HeaderInput>>): readonly HeaderProblem[] {
  const names = Object.keys(headers);
  const { max } = ENDPOINT_LIMITS.headers;
  const tooMany: HeaderProblem[] =
    names.length > max
      ? [{ path: [], code: 'too_many_headers', message: `Has ${names.length} headers; at most ${max} fit.` }]
      : [];
  const seen = new Set<string>();
  const faults = Object.entries(headers).flatMap(([name, input]) => {
    const isRepeated = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return problemOf(toHeader([name, input]), isRepeated) ?? [];
  });
  return [...tooMany, ...faults];
}

function problemOf({ name, value }: CustomHeader, isRepeated: boolean): HeaderProblem | null {
  const path = [name];
  const quoted = JSON.stringify(name);
  if (isOwnedHeaderName(name)) {
    return { path, code: 'header_reserved', message: `${quoted} is sent by Posthorn or by HTTP itself.` };
  }
  if (!isHeaderName(name)) {
    return { path, code: 'header_name_invalid', message: `${quoted} is not an HTTP header name.` };
  }
  if (isRepeated) {
    return { path, code: 'header_repeated', message: `${quoted} is there twice; case makes no difference.` };
  }
  if (!isHeaderValue(value)) {
    const message = 'The value may have visible ASCII characters, blanks and tabs only.';
    return { path, code: 'header_value_invalid', message };
  }
  const { maxBytes } = ENDPOINT_LIMITS.headers;
  if (name.length + value.length <= maxBytes) return null;
  const message = `Name and value have ${name.length + value.length} bytes; at most ${maxBytes} fit.`;
  return { path, code: 'header_too_large', message };
}

function toHeader([name, input]: readonly [string, HeaderInput]): CustomHeader {
  const { value, sensitive } = typeof input === 'string' ? { value: input, sensitive: false } : input;
  return { name, value, sensitive: sensitive === true || isSensitiveHeaderName(name) };
}

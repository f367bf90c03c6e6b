/** Headers of answers, as components of the OpenAPI document. */
export const HEADER_COMPONENTS = {
  'X-Request-Id': header('Names the request in the log; your own, if you sent one.'),
  RateLimit: header(
    'Requests left and seconds until the window ends, by quota, such as ' +
      '`"key";r=412;t=23`. With keys of customers, where quotas are set.',
  ),
  'RateLimit-Policy': header('The quotas, such as `"key";q=600;w=60`. Where RateLimit is.'),
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': header('Says that a bearer key is wanted.'),
  'Idempotent-Replayed': {
    description: 'There where the answer is that of an earlier request with the same key.',
    schema: { type: 'string', enum: ['true'] },
  },
};

export type HeaderName = keyof typeof HEADER_COMPONENTS;

/** References to these headers, for a response. */
export function headerReferences(names: readonly HeaderName[]): Record<string, { readonly $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The headers of an answer with this status. */
export function headersOf(status: string, { isPublic }: { readonly isPublic: boolean }): HeaderName[] {
  const names: HeaderName[] = ['X-Request-Id'];
  if (!isPublic && status !== '401') names.push('RateLimit', 'RateLimit-Policy');
  if (status === '429' || (status === '503' && !isPublic)) names.push('Retry-After');
  if (status === '401') names.push('WWW-Authenticate');
  return names;
}

function header(description: string) {
  return { description, schema: { type: 'string' } };
}

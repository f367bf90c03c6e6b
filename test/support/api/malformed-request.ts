import { pick, type Random } from './random.ts';

const VALID_BODY = JSON.stringify({
  event: 'job.completed',
  customer_id: 'acme',
  data: { job_id: 'job_1', rows: 12, nested: { list: [1, null, true, 'é'] } },
});
const PATHS = [
  ['POST', '/v1/events'],
  ['POST', '/v1/events/batch'],
  ['POST', '/v1/endpoints'],
  ['PATCH', '/v1/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['POST', '/v1/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV/secret/rotate'],
  ['POST', '/v1/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV/secret/revoke'],
  ['POST', '/v1/dead-letters/retry'],
  ['POST', '/v1/event-types'],
  ['POST', '/v1/api-keys'],
  ['POST', '/v1/tools/sign'],
  ['POST', '/v1/tools/verify'],
] as const;
const LISTS = [
  'events',
  'endpoints',
  'deliveries',
  'dead-letters',
  'stats',
  'api-keys',
  'audit',
  'event-types',
];
const PARAMETERS = [
  'limit',
  'cursor',
  'after',
  'before',
  'customer_id',
  'status',
  'event',
  'endpoint_id',
  'x',
];
const ODD_TEXTS = [
  '',
  '\0',
  '\uD800',
  '﷽',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%00',
  '%zz',
  '%ff',
  '{}',
  '[]',
  '-1',
  '1e999',
  '0x10',
  'NaN',
  '9007199254740993',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '__proto__',
  'constructor',
  'ep_',
  '\r\nX: y',
  'a'.repeat(3_000),
  '☃',
  ' ',
  '\t',
  '*',
  '$1',
  ';',
  '?',
  '#',
  '/',
  '\\',
];

/** A request with this key that is broken in its body, JSON, headers, path, query, request line or framing. */
export function malformedRequest(random: Random, key: string): Buffer {
  const kinds = [brokenBody, wildJson, deepJson, oddHeaders, oddPath, oddQuery, oddRequestLine, oddFraming];
  return pick(random, kinds)(random, key);
}

function brokenBody(random: Random, key: string): Buffer {
  const bytes = Buffer.from(VALID_BODY);
  const cut = random() < 0.4 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1)
    if (cut.length > 0) cut[Math.floor(random() * cut.length)] = Math.floor(random() * 256);
  return withBody(pick(random, PATHS), key, cut);
}

function wildJson(random: Random, key: string): Buffer {
  const names = [
    'event',
    'events',
    'customer_id',
    'data',
    'url',
    'name',
    'retry',
    'headers',
    'scopes',
    'ids',
    'all',
    'schema',
  ];
  const members = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
    return `${JSON.stringify(pick(random, random() < 0.8 ? names : ODD_TEXTS))}:${wildValue(random, 0)}`;
  });
  return withBody(pick(random, PATHS), key, Buffer.from(`{${members.join(',')}}`));
}

function wildValue(random: Random, depth: number): string {
  const leaves = [
    'null',
    'true',
    '0',
    '-0',
    '1e400',
    '1.5e-320',
    '12345678901234567890',
    '"\\u0000"',
    '"\\ud800"',
  ];
  const roll = random();
  if (depth > 4 || roll < 0.4) return pick(random, leaves);
  if (roll < 0.7) return JSON.stringify(pick(random, ODD_TEXTS));
  const values = Array.from({ length: Math.floor(random() * 4) }, () => wildValue(random, depth + 1));
  if (roll < 0.85) return `[${values.join(',')}]`;
  return `{${values.map((value) => `${JSON.stringify(pick(random, ODD_TEXTS))}:${value}`).join(',')}}`;
}

function deepJson(random: Random, key: string): Buffer {
  const depth = Math.floor(random() * 20_000);
  const open = random() < 0.5 ? '[' : '{"a":';
  const close = random() < 0.5 ? '' : (open === '[' ? ']' : '}').repeat(depth);
  return withBody(pick(random, PATHS), key, Buffer.from(`${open.repeat(depth)}1${close}`));
}

function oddHeaders(random: Random, key: string): Buffer {
  const names = [
    'Authorization',
    'Content-Type',
    'Content-Length',
    'Content-Encoding',
    'X-Request-Id',
    'Idempotency-Key',
  ];
  const framing = [
    'Transfer-Encoding',
    'Expect',
    'Connection',
    'X-Forwarded-For',
    'Upgrade',
    'Cookie',
    'bad name',
    '',
  ];
  const lines = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
    return `${pick(random, [...names, ...framing])}: ${pick(random, ODD_TEXTS)}`;
  });
  return request(['POST', '/v1/events'], {
    lines: [...lines, ...standard(key, VALID_BODY.length)],
    body: Buffer.from(VALID_BODY),
  });
}

function oddPath(random: Random, key: string): Buffer {
  const parts = Array.from({ length: Math.floor(random() * 5) }, () => {
    const text = pick(random, [...ODD_TEXTS, ...LISTS, 'v1', 'docs', 'echo', 'secret', 'rotate']);
    return random() < 0.6 ? escaped(text) : text;
  });
  const path = `/${random() < 0.7 ? 'v1/' : ''}${parts.join('/')}`;
  return request([pick(random, ['GET', 'POST', 'DELETE', 'PATCH', 'PUT', 'HEAD', 'OPTIONS']), path], {
    lines: standard(key, 0),
  });
}

function oddQuery(random: Random, key: string): Buffer {
  const query = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const text = pick(random, ODD_TEXTS);
    return `${pick(random, PARAMETERS)}=${random() < 0.7 ? escaped(text) : text}`;
  });
  return request(['GET', `/v1/${pick(random, LISTS)}?${query.join('&')}`], { lines: standard(key, 0) });
}

function oddRequestLine(random: Random, key: string): Buffer {
  const method = pick(random, [
    'get',
    'BREW',
    'CONNECT',
    'TRACE',
    '',
    'GET\t',
    'POST',
    ...ODD_TEXTS.slice(0, 6),
  ]);
  const version = pick(random, ['HTTP/0.9', 'HTTP/1.0', 'HTTP/1.1', 'HTTP/2.0', 'HTTP/9', 'ICY', '']);
  const head = `${method} ${pick(random, ['/', '*', '//', 'http://a/v1/events', '/v1/events'])} ${version}`;
  return Buffer.from(`${head}\r\n${standard(key, 0).join('\r\n')}\r\n\r\n`);
}

function oddFraming(random: Random, key: string): Buffer {
  const body = Buffer.from(VALID_BODY);
  const length = pick(random, ['0', '5', '99999', '-1', '1e3', '99999999999999999999', `${body.length}, 3`]);
  const framing = pick(random, [
    [`Content-Length: ${length}`],
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: gzip, chunked', `Content-Length: ${length}`],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    [`Content-Length: ${body.length}`, `Content-Length: ${length}`],
  ]);
  return request(['POST', '/v1/events'], { lines: [...framing, ...standard(key, null)], body });
}

function withBody(route: readonly [string, string], key: string, body: Buffer): Buffer {
  return request(route, { lines: standard(key, body.length), body });
}

/** The headers of a sound request that ends its connection. */
function standard(key: string, length: number | null): string[] {
  return [
    'Host: posthorn.test',
    'Connection: close',
    `Authorization: Bearer ${key}`,
    ...(length === null || length === 0
      ? []
      : ['Content-Type: application/json', `Content-Length: ${length}`]),
  ];
}

function request(
  [method, path]: readonly [string, string],
  { lines, body = Buffer.alloc(0) }: { readonly lines: readonly string[]; readonly body?: Buffer },
): Buffer {
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** Percent-escaped; a lone surrogate, which cannot be, as it is. */
function escaped(text: string): string {
  return /\p{Cs}/u.test(text) ? text : encodeURIComponent(text);
}

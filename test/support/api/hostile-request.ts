import { pick, type Random } from './random.ts';

/** A request that is meant to cost far more than it is worth; `shape` says how. */
export interface HostileRequest {
  readonly shape: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body: string;
}

/** Routes that read bodies, with what they take. */
const ROUTES = [
  ['POST', '/v1/events/batch', 16_700_000],
  ['POST', '/v1/events', 270_000],
  ['POST', '/v1/endpoints', 270_000],
  ['PATCH', '/v1/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV', 270_000],
  ['POST', '/v1/event-types', 270_000],
  ['POST', '/v1/api-keys', 270_000],
  ['POST', '/v1/imports', 4_190_000],
  ['POST', '/v1/dead-letters/retry', 270_000],
  ['POST', '/v1/tools/sign', 270_000],
  ['POST', '/v1/tools/verify', 270_000],
  ['POST', '/v1/echo/hostile', 1_000_000],
] as const;

/** What a test can send often. */
const SAMPLE_BYTES = 1_000_000;

/** Where in a body the hostile value stands. */
const PLACES: Readonly<Record<string, (value: string) => string>> = {
  'as the body': (value) => value,
  'in data': (value) => `{"event":"job.completed","customer_id":"acme","data":{"a":${value}}}`,
  'as data': (value) => `{"event":"job.completed","customer_id":"acme","data":${value}}`,
  'in events': (value) => `{"events":[${value}]}`,
  'in data of events': (value) =>
    `{"events":[{"event":"job.completed","customer_id":"acme","data":{"a":${value}}}]}`,
  'in headers': (value) => `{"url":"https://example.com/","customer_id":"acme","headers":${value}}`,
  'in metadata': (value) => `{"url":"https://example.com/","customer_id":"acme","metadata":${value}}`,
  'in a filter of data': (value) => `{"url":"https://example.com/","customer_id":"acme","filter":${value}}`,
  'in a partial batch': (value) => `{"partial":true,"events":[${value}]}`,
  'in endpoints of another sender': (value) => `{"from":"svix","customer_id":"acme","endpoints":[${value}]}`,
  'in headers of another sender': (value) =>
    `{"from":"svix","dry_run":true,"endpoints":[{"id":"a","appUid":"acme","headers":${value}}]}`,
  'in a filter': (value) => `{"url":"https://example.com/","customer_id":"acme","events":[${value}]}`,
  'in a schema': (value) => `{"name":"hostile.schema","schema":{"properties":${value}}}`,
  'in a body to verify': (value) =>
    `{"secret":"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","body":${JSON.stringify(value)},` +
    `"headers":{"webhook-signature":"${ENTRIES}"}}`,
};

const ENTRIES = Array.from(
  { length: 10 },
  (_, index) => `v1,${Buffer.alloc(32, index).toString('base64')}`,
).join(' ');

/** A value of some length, of one kind. */
type Filler = (bytes: number) => string;

const FILLERS: Readonly<Record<string, Filler>> = {
  'opening brackets': (bytes) => '['.repeat(bytes),
  'nested arrays': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'opening objects': (bytes) => '{"a":'.repeat(bytes / 5),
  'arrays of objects within each other': (bytes) => '[{"a":'.repeat(bytes / 6),
  'inexact numbers': (bytes) => `[${'1e999,'.repeat(bytes / 6)}1]`,
  'inexact numbers below a long key': (bytes) =>
    `{"${'k'.repeat(bytes / 2)}":[${'1e999,'.repeat(bytes / 12)}1]}`,
  'one long number': (bytes) => '1'.repeat(bytes),
  'many members': (bytes) => `{${series(bytes / 12, (index) => `"m${index}":1`)}}`,
  'members given twice': (bytes) => `{${series(bytes / 16, (index) => `"k":${index}`)}}`,
  'long keys given twice': (bytes) =>
    `{${series(bytes / 2_100, (index) => `"${'k'.repeat(2_000)}":${index}`)}}`,
  'large values given twice': (bytes) => `{"a":${JSON.stringify('x'.repeat(bytes / 2))},"a":1}`,
  'values given twice at each level': (bytes) =>
    `${'{"a":1,"a":'.repeat(60)}"${'x'.repeat(bytes / 2)}"${'}'.repeat(60)}`,
  'control characters': (bytes) => JSON.stringify('\u0001'.repeat(bytes / 6)),
  'NUL below keys of control characters': (bytes) =>
    `{"${'\\u0001'.repeat(bytes / 12)}":[${'"\\u0000",'.repeat(bytes / 18)}1]}`,
  'escaped quotes': (bytes) => `"${'\\"'.repeat(bytes / 2)}"`,
  'backslashes without end': (bytes) => `"${'\\\\'.repeat(bytes / 2)}`,
  'lone surrogates': (bytes) => `[${'"\\ud800",'.repeat(bytes / 9)}1]`,
  'texts without end': (bytes) => '"a'.repeat(bytes / 2),
  commas: (bytes) => `[${','.repeat(bytes)}]`,
  colons: (bytes) => `{${':'.repeat(bytes)}}`,
  blanks: (bytes) => `${' \n'.repeat(bytes / 2)}1`,
  'small objects': (bytes) => `[${series(bytes / 12, (index) => `{"i":${index}}`)}]`,
  'blanks behind every token': (bytes) => `{${series(bytes / 20, (index) => `"m${index}" : 1 `)}}`,
  'wide characters': (bytes) => JSON.stringify('\u{1F600}'.repeat(bytes / 4)),
};

/** Every filler, at every place, to a route that takes it: the shapes themselves. */
export function hostileShapes(): readonly HostileRequest[] {
  return Object.keys(FILLERS).flatMap((filler) =>
    ROUTES.map(([method, path, bytes]) => build({ method, path, bytes, filler, place: placeFor(path) })),
  );
}

/** One of these shapes for each kind of value, over the routes in turn. */
export function hostileSample(): readonly HostileRequest[] {
  return Object.keys(FILLERS).map((filler, index) => {
    const [method, path, bytes] = ROUTES[index % ROUTES.length] ?? ROUTES[0];
    return build({ method, path, bytes: Math.min(bytes, SAMPLE_BYTES), filler, place: placeFor(path) });
  });
}

/** A variant: any filler or two of them, any place, any route, any length. */
export function hostileVariant(random: Random, maxBytes = Number.POSITIVE_INFINITY): HostileRequest {
  const [method, path, most] = pick(random, ROUTES);
  const bytes = Math.ceil(Math.min(most, maxBytes) * (random() < 0.5 ? 1 : random()));
  return build({
    method,
    path,
    bytes,
    filler: pick(random, Object.keys(FILLERS)),
    place: pick(random, Object.keys(PLACES)),
    ...(random() < 0.3 && { second: pick(random, Object.keys(FILLERS)) }),
  });
}

interface Plan {
  readonly method: HostileRequest['method'];
  readonly path: string;
  readonly bytes: number;
  readonly filler: string;
  readonly place: string;
  readonly second?: string;
}

function build({ method, path, bytes, filler, place, second }: Plan): HostileRequest {
  const room = Math.max(16, bytes - 400);
  const fill = (name: string, length: number): string =>
    (FILLERS[name] ?? JSON.stringify)(Math.floor(length));
  const value =
    second === undefined ? fill(filler, room) : `[${fill(filler, room / 2)},${fill(second, room / 2)}]`;
  // A body to verify is written as a text, in which quotes and backslashes are twice as long.
  const placed = place === 'in a body to verify' ? value.slice(0, room / 3) : value;
  const shape = [filler, second, place, `of ${path}`].filter((word) => word !== undefined).join(' ');
  return { shape, method, path, body: (PLACES[place] ?? String)(placed) };
}

function placeFor(path: string): string {
  const places: Readonly<Record<string, string>> = {
    '/v1/events/batch': 'in events',
    '/v1/events': 'in data',
    '/v1/endpoints': 'in headers',
    '/v1/imports': 'in endpoints of another sender',
    '/v1/event-types': 'in a schema',
    '/v1/tools/verify': 'in a body to verify',
  };
  return places[path] ?? 'as the body';
}

function series(count: number, item: (index: number) => string): string {
  return Array.from({ length: Math.floor(count) }, (_, index) => item(index)).join(',');
}

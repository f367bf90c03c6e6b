import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { countRowsOf } from '../../support/rows/tables.ts';

const url = 'https://example.com/hook';
const forbidden = 'https://forbidden.example/';

/** What is wrong with a body beside being otherwise right: the pointer and code that must be answered. */
type Case = readonly [body: Readonly<Record<string, unknown>>, pointer: string, code: string];

const urls: readonly Case[] = [
  [{ url: undefined }, '/url', 'required'],
  [{ url: null }, '/url', 'invalid_type'],
  [{ url: 7 }, '/url', 'invalid_type'],
  [{ url: '' }, '/url', 'url_empty'],
  [{ url: 'ftp://x' }, '/url', 'url_scheme'],
  [{ url: 'javascript:alert(1)' }, '/url', 'url_scheme'],
  [{ url: 'https:example.com' }, '/url', 'url_scheme'],
  [{ url: `https://example.com/${'a'.repeat(9_000)}` }, '/url', 'url_too_long'],
  [{ url: 'https://user:pw@example.com' }, '/url', 'url_user_info'],
  [{ url: 'https://example.com@127.0.0.1/' }, '/url', 'url_user_info'],
  [{ url: 'https://@example.com/' }, '/url', 'url_user_info'],
  [{ url: 'https://example.com\\@127.0.0.1/' }, '/url', 'url_forbidden_character'],
  [{ url: 'https://example.com/\r\nX: y' }, '/url', 'url_forbidden_character'],
  [{ url: 'https://exam\tple.com/' }, '/url', 'url_forbidden_character'],
  [{ url: ' https://example.com/' }, '/url', 'url_forbidden_character'],
  [{ url: 'https://example.com/%0d%0a' }, '/url', 'url_forbidden_character'],
  [{ url: 'https://example.com/#x' }, '/url', 'url_fragment'],
  [{ url: 'https://example.com:0/' }, '/url', 'url_port'],
  [{ url: 'https://example.com:65536/' }, '/url', 'url_invalid'],
  [{ url: 'https://a..b/' }, '/url', 'url_host'],
  [{ url: `https://${'a'.repeat(64)}.com/` }, '/url', 'url_host'],
  [{ url: 'https://256.1.1.1/' }, '/url', 'url_invalid'],
  [{ url: 'https://[::1' }, '/url', 'url_invalid'],
  [{ url: forbidden }, '/url', 'destination_not_allowed'],
];

const manyHeaders = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`X-${index}`, 'v']));
const headers: readonly Case[] = [
  ...['', 'bad name', 'x:y', 'héllo', 'X-\n'].map(
    (name): Case => [{ headers: { [name]: 'v' } }, `/headers/${name}`, 'header_name_invalid'],
  ),
  ...[
    ':authority',
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Expect',
    'Content-Type',
  ].map((name): Case => [{ headers: { [name]: 'v' } }, `/headers/${name}`, 'header_reserved']),
  ...['User-Agent', 'webhook-signature', 'X-Webhook-Signature', 'WEBHOOK-ID'].map(
    (name): Case => [{ headers: { [name]: 'v' } }, `/headers/${name}`, 'header_reserved'],
  ),
  ...['a\r\nX: y', 'héllo', 'a\u007f', '\u0001'].map(
    (value): Case => [{ headers: { 'X-A': value } }, '/headers/X-A', 'header_value_invalid'],
  ),
  [{ headers: { 'X-A': 'a'.repeat(4_094) } }, '/headers/X-A', 'header_too_large'],
  [{ headers: manyHeaders }, '/headers', 'too_many_headers'],
  [{ headers: { 'X-A': '1', 'x-a': '2' } }, '/headers/x-a', 'header_repeated'],
  [{ headers: { 'X-A': 1 } }, '/headers/X-A', 'invalid_type'],
  [{ headers: { 'X-A': null } }, '/headers/X-A', 'invalid_type'],
  [{ headers: { 'X-A': { value: 'v', secret: true } } }, '/headers/X-A/secret', 'unknown_member'],
  [{ headers: ['X-A'] }, '/headers', 'invalid_type'],
  [{ headers: { Cookie: '***' } }, '/headers/Cookie', 'header_value_masked'],
];

const settings: readonly Case[] = [
  ...[99, 120_001, -1, 0].map(
    (value): Case => [{ timeout_ms: value }, '/timeout_ms', value > 99 ? 'too_big' : 'too_small'],
  ),
  ...[1_000.5, '1000', true, [1_000]].map(
    (value): Case => [{ timeout_ms: value }, '/timeout_ms', 'invalid_type'],
  ),
  [{ retry: { max_retries: -1 } }, '/retry/max_retries', 'too_small'],
  [{ retry: { max_retries: 21 } }, '/retry/max_retries', 'too_big'],
  [{ retry: { max_retries: 1.5 } }, '/retry/max_retries', 'invalid_type'],
  [{ retry: { max_retries: '3' } }, '/retry/max_retries', 'invalid_type'],
  [{ retry: { initial_ms: 99 } }, '/retry/initial_ms', 'too_small'],
  [{ retry: { max_ms: 604_800_001 } }, '/retry/max_ms', 'too_big'],
  [{ retry: { factor: 0.5 } }, '/retry/factor', 'too_small'],
  [{ retry: { factor: 11 } }, '/retry/factor', 'too_big'],
  [{ retry: { jitter: -0.1 } }, '/retry/jitter', 'too_small'],
  [{ retry: { jitter: 1.1 } }, '/retry/jitter', 'too_big'],
  [{ retry: { strategy: 'quadratic' } }, '/retry/strategy', 'invalid_value'],
  [{ retry: { strategy: 'schedule' } }, '/retry/delays_ms', 'required'],
  [{ retry: { strategy: 'schedule', delays_ms: [] } }, '/retry/delays_ms', 'too_small'],
  [{ retry: { strategy: 'schedule', delays_ms: Array(100).fill(1_000) } }, '/retry/delays_ms', 'too_big'],
  [{ retry: { strategy: 'schedule', delays_ms: [99] } }, '/retry/delays_ms/0', 'too_small'],
  [{ retry: { strategy: 'schedule', delays_ms: [100, '100'] } }, '/retry/delays_ms/1', 'invalid_type'],
  [{ retry: { strategy: 'fixed', delays_ms: [100] } }, '/retry/delays_ms', 'not_for_strategy'],
  [{ retry: { strategy: 'schedule', delays_ms: [100], factor: 2 } }, '/retry/factor', 'not_for_strategy'],
  [
    { retry: { strategy: 'schedule', delays_ms: [100], max_retries: 2 } },
    '/retry/max_retries',
    'not_for_strategy',
  ],
  [{ retry: { attempts: 3 } }, '/retry/attempts', 'unknown_member'],
  [{ retry: 3 }, '/retry', 'invalid_type'],
  [{ events: [] }, '/events', 'too_small'],
  [{ events: 'job.completed' }, '/events', 'invalid_type'],
  [{ events: ['*', 'job.exploded'] }, '/events/1', 'unknown_event_type'],
  ...['endpoint.disabled', 'endpoint.*', 'endpoint.nothing', 'delivery.dead', 'delivery.*'].map(
    (entry): Case => [{ events: ['*', entry] }, '/events/1', 'reserved_event_type'],
  ),
  [{ events: ['job!.*'] }, '/events/0', 'invalid_event_filter'],
  [{ events: ['*.completed'] }, '/events/0', 'invalid_event_filter'],
  [{ events: [''] }, '/events/0', 'invalid_event_filter'],
  [{ events: Array(101).fill('*') }, '/events', 'too_big'],
  [{ description: 'a'.repeat(1_025) }, '/description', 'too_big'],
  [{ description: 7 }, '/description', 'invalid_type'],
  [{ colour: 'red' }, '/colour', 'unknown_member'],
  [{ retry: { max_ms: 9_999 } }, '/retry/max_ms', 'below_initial_ms'],
  [{ retry: { initial_ms: 3_600_001 } }, '/retry/max_ms', 'below_initial_ms'],
];

const rules: readonly Case[] = [
  ...outside('rate_limit', 'limit', [0, 100_001], { per: 'second' }),
  ...outside('batch', 'max_events', [0, 1_001]),
  ...outside('batch', 'max_wait_ms', [99, 3_600_001]),
  ...outside('batch', 'max_bytes', [1_023, 5_242_881]),
  ...outside('breaker', 'consecutive_failures', [0, 1_001]),
  ...outside('breaker', 'failure_ratio', [0, 1.01]),
  ...outside('breaker', 'minimum_attempts', [0, 10_001]),
  ...outside('breaker', 'window_ms', [999, 3_600_001]),
  ...outside('breaker', 'cooldown_ms', [999, 86_400_001]),
  ...outside('breaker', 'max_cooldown_ms', [999, 86_400_001]),
  [{ rate_limit: { limit: 10 } }, '/rate_limit/per', 'required'],
  [{ rate_limit: { per: 'hour' } }, '/rate_limit/limit', 'required'],
  [{ rate_limit: { limit: 10, per: 'day' } }, '/rate_limit/per', 'invalid_value'],
  [{ rate_limit: { limit: 1.5, per: 'hour' } }, '/rate_limit/limit', 'invalid_type'],
  [{ rate_limit: { limit: 1, per: 'hour', burst: 2 } }, '/rate_limit/burst', 'unknown_member'],
  [{ rate_limit: 10 }, '/rate_limit', 'invalid_type'],
  [{ max_concurrency: 0 }, '/max_concurrency', 'too_small'],
  [{ max_concurrency: 1_001 }, '/max_concurrency', 'too_big'],
  [{ max_concurrency: '20' }, '/max_concurrency', 'invalid_type'],
  [{ batch: { max_events: '5' } }, '/batch/max_events', 'invalid_type'],
  [{ batch: { size: 5 } }, '/batch/size', 'unknown_member'],
  [{ batch: true }, '/batch', 'invalid_type'],
  [{ ordered: 'yes' }, '/ordered', 'invalid_type'],
  [{ breaker: false }, '/breaker', 'invalid_type'],
  [{ breaker: { failures: 5 } }, '/breaker/failures', 'unknown_member'],
  [{ breaker: { window_ms: 1_000.5 } }, '/breaker/window_ms', 'invalid_type'],
  [{ breaker: { max_cooldown_ms: 29_999 } }, '/breaker/max_cooldown_ms', 'below_cooldown_ms'],
  [{ breaker: { cooldown_ms: 1_800_001 } }, '/breaker/max_cooldown_ms', 'below_cooldown_ms'],
];

/** Just below the least and just above the most of one number. */
function outside(
  rule: string,
  member: string,
  [below, above]: readonly [number, number],
  others: object = {},
): readonly Case[] {
  return [
    [{ [rule]: { ...others, [member]: below } }, `/${rule}/${member}`, 'too_small'],
    [{ [rule]: { ...others, [member]: above } }, `/${rule}/${member}`, 'too_big'],
  ];
}

const onlyNew: readonly Case[] = [
  [{ customer_id: undefined }, '/customer_id', 'required'],
  [{ customer_id: '' }, '/customer_id', 'too_small'],
  [{ customer_id: 7 }, '/customer_id', 'invalid_type'],
  [{ secret: 'swordfish' }, '/secret', 'secret_prefix_missing'],
  [{ secret: 'whsec_###' }, '/secret', 'secret_not_base64'],
  [{ secret: `whsec_${Buffer.alloc(16, 7).toString('base64')}` }, '/secret', 'secret_too_short'],
  [{ secret: `whsec_${Buffer.alloc(80, 7).toString('base64')}` }, '/secret', 'secret_too_long'],
  [{ id: 'ep_1' }, '/id', 'unknown_member'],
];

const onlyChanges: readonly Case[] = [
  [{ customer_id: 'zeta' }, '/customer_id', 'read_only'],
  [{ status: 'disabled' }, '/status', 'read_only'],
  [{ paused: null }, '/paused', 'read_only'],
  [{ secret: 'whsec_x' }, '/secret', 'read_only'],
  [{ id: 'ep_1' }, '/id', 'read_only'],
];

describe('EndpointInputs', () => {
  let api: ApiUnderTest;
  let path: string;

  beforeAll(async () => {
    const problem = { code: 'destination_not_allowed', message: 'Not there.' } as const;
    api = await startApi({ checkDestination: async (given) => (given === forbidden ? problem : null) });
    const { body } = await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme' });
    path = `/v1/endpoints/${body.id}`;
  });
  afterAll(() => api.close());

  it.each([...urls, ...headers, ...settings, ...rules, ...onlyNew])(
    'refuses to create %j: %s %s',
    async (part, pointer, code) => {
      const { status, headers, body } = await api.operator('POST', '/v1/endpoints', {
        url,
        customer_id: 'acme',
        ...part,
      });
      expect({ status, errors: body.errors }).toMatchObject({
        status: 422,
        errors: [{ pointer: `#${encodeURI(pointer)}`, code }],
      });
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(await countEndpoints()).toBe(1);
    },
  );

  it.each([...urls.slice(1), ...headers, ...settings, ...rules, ...onlyChanges])(
    'refuses to change %j: %s %s',
    async (part, pointer, code) => {
      const before = (await api.operator('GET', path)).body;
      const { status, body } = await api.operator('PATCH', path, part);
      expect({ status, errors: body.errors }).toMatchObject({
        status: 422,
        errors: [{ pointer: `#${encodeURI(pointer)}`, code }],
      });
      expect((await api.operator('GET', path)).body).toEqual(before);
    },
  );

  it('names every fault of a body at once, those that no schema knows too', async () => {
    const { status, body } = await api.operator('POST', '/v1/endpoints', {
      url: forbidden,
      events: ['job.exploded'],
      timeout_ms: '1',
      retry: { factor: 0 },
      headers: { Host: 'x', 'bad name': 'y' },
      colour: 'red',
    });
    expect(status).toBe(422);
    const pointers = body.errors.map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual([
      '#/colour',
      '#/customer_id',
      '#/events/0',
      '#/headers/Host',
      '#/headers/bad%20name',
      '#/retry/factor',
      '#/timeout_ms',
      '#/url',
    ]);
  });

  it.each([
    ['[]', 422],
    ['null', 422],
    ['"x"', 422],
    ['{', 400],
    ['{"url":"a","url":"b"}', 422],
  ])('refuses the body %s with %i', async (text, status) => {
    expect((await api.operator('POST', '/v1/endpoints', text)).status).toBe(status);
    expect((await api.operator('PATCH', path, text)).status).toBe(status);
  });

  it('refuses a missing body', async () => {
    expect([400, 422]).toContain((await api.operator('POST', '/v1/endpoints')).status);
    expect([400, 422]).toContain((await api.operator('PATCH', path)).status);
  });

  it('never quotes a refused secret', async () => {
    const secret = 'swordfish-secret';
    const { body } = await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', secret });
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=101', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=', 'limit'],
    ['cursor=forged', 'cursor'],
    ['cursor=ZXBfMQ.AAAA', 'cursor'],
    ['status=asleep', 'status'],
    ['breaker_state=broken', 'breaker_state'],
    ['event=job!', 'event'],
    ['colour=red', 'colour'],
    ['status=enabled&status=disabled', 'status'],
    ['url=%00', 'url'],
    ['customer_id=%00', 'customer_id'],
  ])('refuses the list query %s', async (query, parameter) => {
    const { status, body } = await api.operator('GET', `/v1/endpoints?${query}`);
    expect({ status, errors: body.errors }).toMatchObject({
      status: 422,
      errors: [{ parameter }],
    });
  });

  async function countEndpoints(): Promise<number> {
    const counts = await countRowsOf(api.database.pool, ['endpoints', 'gates', 'endpoint_secrets']);
    const { endpoints = 0, gates = 0, endpoint_secrets: secrets = 0 } = counts;
    return endpoints + gates - secrets;
  }
});

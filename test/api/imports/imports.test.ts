import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/domain/moving-in/peers.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { peerExports } from '../../support/moving-in/peer-exports.ts';
import { countByStatus, keptOf } from '../../support/rows/endpoints.ts';

const whsec = (index: number) => `whsec_${Buffer.alloc(24, `secret of ${index} `).toString('base64')}`;
const phrase = (index: number) => `correct horse battery staple ${index}`;

const named = (from: string, index: number) => ({
  customerId: 'moved',
  url: `https://receiver.example/${from}/${index}`,
  isDisabled: index % 10 === 9,
});

/** What each sender exports of an endpoint of the customer `moved`. */
const EXPORTS: Readonly<Record<keyof typeof peerExports, (index: number) => object>> = {
  svix: (index) => peerExports.svix({ ...named('svix', index), id: `ep_${index}`, secret: whsec(index) }),
  convoy: (index) =>
    peerExports.convoy({ ...named('convoy', index), id: `convoy-${index}`, secret: phrase(index) }),
  outpost: (index) =>
    peerExports.outpost({ ...named('outpost', index), id: `des_${index}`, secret: phrase(index) }),
};

interface Result {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly items: readonly {
    readonly outcome: string;
    readonly endpoint_id: string | null;
    readonly not_mapped: readonly { readonly member: string }[];
    readonly problem?: { readonly code: string };
  }[];
}

describe('POST /v1/imports', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi({ environment: { POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER: '5000' } });
  });
  afterAll(() => api.close());

  async function run(from: Peer, endpoints: readonly object[], part: object = {}): Promise<Result> {
    const { status, body } = await api.operator('POST', '/v1/imports', { from, endpoints, ...part });
    expect(status).toBe(200);
    return body as unknown as Result;
  }

  /** Every row that endpoints of the customer `moved` consist of. */
  async function keptOfMoved(): Promise<unknown> {
    return await keptOf(api.database.pool, 'moved');
  }

  async function expectSecrets(secrets: Readonly<Record<string, string>>): Promise<void> {
    for (const [uid, secret] of Object.entries(secrets)) {
      const [endpoint] = (await api.operator('GET', `/v1/endpoints?uid=${uid}`)).body.items;
      const { body } = await api.operator('GET', `/v1/endpoints/${endpoint?.id}/secret`);
      expect(JSON.stringify(body)).toContain(secret);
    }
  }

  it('tells in a dry run what it would do, and keeps nothing', async () => {
    const dry = await run('svix', [{ ...EXPORTS.svix(1), appUid: 'dry' }], { dry_run: true });
    expect(dry).toMatchObject({ created: 1, items: [{ outcome: 'created', endpoint_id: null }] });
    expect((await api.operator('GET', '/v1/endpoints?customer_id=dry')).body.items).toEqual([]);
    expect((await api.operator('GET', '/v1/customers/dry')).status).toBe(404);
  });

  it('lists what has no counterpart', async () => {
    const lost = async (from: Exclude<Peer, 'posthorn'>) =>
      (await run(from, [EXPORTS[from](1)], { dry_run: true })).items[0]?.not_mapped.map(
        ({ member }) => member,
      );
    expect(await lost('svix')).toEqual(['headers.Host', 'channels']);
    expect(await lost('convoy')).toEqual(['slack_webhook_url']);
    expect(await lost('outpost')).toEqual(['credentials.previous_secret', 'filter']);
  });

  it('makes 1,000 endpoints with headers, rates, phrases as secrets, disabled ones too, and only once', async () => {
    const sizes = { svix: 400, convoy: 300, outpost: 300 } as const;
    for (const from of ['svix', 'convoy', 'outpost'] as const) {
      const endpoints = Array.from({ length: sizes[from] }, (_, index) => EXPORTS[from](index));
      const first = await run(from, endpoints);
      expect(first).toMatchObject({ created: sizes[from], refused: 0 });
      const kept = await keptOfMoved();
      expect(await run(from, endpoints)).toMatchObject({ unchanged: sizes[from], created: 0, updated: 0 });
      expect(await keptOfMoved()).toEqual(kept);
      const dry = await run(from, endpoints.slice(0, 10), { dry_run: true });
      expect(dry).toMatchObject({ unchanged: 10 });
    }
    expect(await countByStatus(api.database.pool, 'moved')).toEqual({ disabled: 100, enabled: 900 });
    await expectSecrets({ ep_399: whsec(399), 'convoy-299': phrase(299), des_299: phrase(299) });
    const [svix] = (await api.operator('GET', '/v1/endpoints?uid=ep_1')).body.items;
    expect(svix).toMatchObject({
      customer_id: 'moved',
      events: ['job.completed'],
      rate_limit: { limit: 5, per: 'second' },
      headers: { 'X-Team': 'data', Authorization: '***' },
      metadata: { plan: 'gold' },
      payload: 'data',
      signatures: ['svix'],
    });
    const [convoy] = (await api.operator('GET', '/v1/endpoints?uid=convoy-1')).body.items;
    expect(convoy).toMatchObject({
      timeout_ms: 20_000,
      rate_limit: { limit: 30, per: 'minute' },
      headers: { 'X-Key': '***' },
    });
  }, 120_000);

  it('changes what differs, and neither the secret nor whether it is enabled', async () => {
    const before = { ...EXPORTS.outpost(0), tenant_id: 'again' };
    const [created] = (await run('outpost', [before])).items;
    const id = created?.endpoint_id ?? '';
    const { secret } = (await api.operator('POST', `/v1/endpoints/${id}/secret/rotate`)).body;
    await api.operator('POST', `/v1/endpoints/${id}/disable`);
    const after = { ...before, topics: ['job.failed'] };
    expect(await run('outpost', [after], { dry_run: true })).toMatchObject({ updated: 1 });
    expect((await api.operator('GET', `/v1/endpoints/${id}`)).body).toMatchObject({ events: ['*'] });
    expect(await run('outpost', [after])).toMatchObject({ updated: 1 });
    const { body } = await api.operator('GET', `/v1/endpoints/${id}`);
    expect(body).toMatchObject({ events: ['job.failed'], status: 'disabled' });
    const live = (await api.operator('GET', `/v1/endpoints/${id}/secret`)).body;
    expect(JSON.stringify(live)).toContain(secret);
  });

  it('takes what this API answers itself', async () => {
    const { body } = await api.operator('POST', '/v1/endpoints', {
      url: 'https://receiver.example/own',
      customer_id: 'acme',
      headers: { Authorization: 'Bearer abc', 'X-Team': 'data' },
      signatures: [{ header: 'X-Own', scheme: 'hex' }],
      secret: phrase(1),
    });
    const result = await run('posthorn', [{ ...body, customer_id: 'copy' }]);
    expect(result).toMatchObject({
      created: 1,
      items: [{ not_mapped: [{ member: 'headers.Authorization' }] }],
    });
    const copy = (await api.operator('GET', `/v1/endpoints/${result.items[0]?.endpoint_id}`)).body;
    expect(copy).toMatchObject({
      uid: body.id,
      headers: { 'X-Team': 'data' },
      signatures: [{ header: 'X-Own' }],
    });
  });

  it('refuses each that is wrong by itself', async () => {
    const wrong = [
      { ...EXPORTS.svix(2), url: 'ftp://receiver.example', appUid: 'wrong' },
      { ...EXPORTS.svix(3), filterTypes: ['never.registered'], appUid: 'wrong' },
      { ...EXPORTS.svix(4), secret: 'short', appUid: 'wrong' },
      { ...EXPORTS.svix(5), appUid: undefined },
      { ...EXPORTS.svix(6), appUid: 'wrong' },
    ];
    const result = await run('svix', wrong);
    expect(result).toMatchObject({ created: 1, refused: 4 });
    expect(result.items.map(({ problem }) => problem?.code)).toEqual([
      'url_scheme',
      'unknown_event_type',
      'secret_too_short',
      'import_unnamed',
      undefined,
    ]);
    expect(await run('svix', [wrong[3] ?? {}], { customer_id: 'given' })).toMatchObject({ created: 1 });
  });
});

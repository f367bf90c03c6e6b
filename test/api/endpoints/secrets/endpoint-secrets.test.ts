import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../../../src/signature/secret.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { golden } from '../../../support/receivers/golden.ts';
import { countSecrets } from '../../../support/rows/endpoints.ts';
import { textOf, withoutTable } from '../../../support/rows/tables.ts';

const url = 'https://example.com/hook';
const DAY_MS = 86_400_000;
const ZEROS = `whsec_${Buffer.alloc(32).toString('base64')}`;

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

/** An endpoint of `acme`: its path and its first secret. */
async function create(): Promise<{ readonly id: string; readonly path: string; readonly secret: string }> {
  const { body } = await acme('POST', '/v1/endpoints', { url });
  return { id: body.id, path: `/v1/endpoints/${body.id}`, secret: body.secret };
}

async function actionsOn(id: string): Promise<readonly unknown[]> {
  const { body } = await api.operator('GET', `/v1/audit?subject_id=${id}`);
  return body.items.map(({ action, changed, customer_id }) => [action, changed, customer_id]);
}

describe('POST /v1/endpoints/{id}/secret/rotate', () => {
  it('makes a new secret, shows it once, and tells when the overlap ends', async () => {
    const { path, secret } = await create();
    const before = Date.now();
    const { status, body } = await acme('POST', `${path}/secret/rotate`);
    expect(status).toBe(200);
    expect(body).toEqual({
      secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
      number: 2,
      overlap_ends_at: expect.any(String),
      secrets: [
        { number: 1, is_primary: true, created_at: expect.any(String), expires_at: body.overlap_ends_at },
        { number: 2, is_primary: false, created_at: expect.any(String), expires_at: null },
      ],
    });
    expect(body.secret).not.toBe(secret);
    expect(Date.parse(String(body.overlap_ends_at))).toBeGreaterThanOrEqual(before + DAY_MS);
    const endpoint = (await acme('GET', path)).body;
    expect(endpoint).toMatchObject({ secret_rotation: { overlap_ends_at: body.overlap_ends_at } });
    const { updated_at: _, ...unchanged } = endpoint;
    const { health: _health, ...settings } = unchanged;
    expect((await acme('PATCH', path, {})).body).toMatchObject(settings);
    expect(JSON.stringify(endpoint)).not.toContain('whsec_');
    const [listed] = (await acme('GET', '/v1/endpoints?limit=1')).body.items;
    expect(listed).toMatchObject(unchanged);
  });

  it('takes a secret of the caller’s and an overlap of none', async () => {
    const { path } = await create();
    const secret = generateSecret();
    const given = { secret, overlap_seconds: 0 };
    expect((await acme('POST', `${path}/secret/rotate`, given)).body).toMatchObject({
      secret,
      number: 2,
      overlap_ends_at: null,
      secrets: [{ number: 2, is_primary: true, expires_at: null }],
    });
    expect((await acme('GET', path)).body.secret_rotation).toBeNull();
    const again = await acme('POST', `${path}/secret/rotate`, given);
    expect(again).toMatchObject({ status: 422, body: { code: 'secret_in_use' } });
    expect(again.body.errors).toMatchObject([{ pointer: '#/secret' }]);
    expect(JSON.stringify(again.body)).not.toContain(secret);
  });

  it('refuses a sixth live secret until one is gone', async () => {
    const { path } = await create();
    for (let live = 1; live < 5; live += 1)
      expect((await acme('POST', `${path}/secret/rotate`)).status).toBe(200);
    const refused = await acme('POST', `${path}/secret/rotate`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'too_many_secrets' } });
    await acme('POST', `${path}/secret/revoke`, { numbers: [1] });
    expect((await acme('POST', `${path}/secret/rotate`)).body).toMatchObject({ number: 6 });
  });

  it.each([
    ['a secret without prefix', { secret: 'abc' }, '/secret', 'secret_prefix_missing'],
    ['a short secret', { secret: 'whsec_AAEC' }, '/secret', 'secret_too_short'],
    ['a secret that is no base64', { secret: 'whsec_%%%' }, '/secret', 'secret_not_base64'],
    ['a secret everybody guesses', { secret: ZEROS }, '/secret', 'secret_too_weak'],
    ['a secret that is no text', { secret: 7 }, '/secret', 'invalid_type'],
    ['null for a secret', { secret: null }, '/secret', 'invalid_type'],
    ['a negative overlap', { overlap_seconds: -1 }, '/overlap_seconds', 'too_small'],
    ['an overlap of years', { overlap_seconds: 2_592_001 }, '/overlap_seconds', 'too_big'],
    ['half a second', { overlap_seconds: 0.5 }, '/overlap_seconds', 'invalid_type'],
    ['a quoted overlap', { overlap_seconds: '60' }, '/overlap_seconds', 'invalid_type'],
    ['an unknown member', { overlap: 60 }, '/overlap', 'unknown_member'],
    ['a list', [], '', 'invalid_type'],
  ])('refuses %s and changes nothing', async (_what, body, pointer, code) => {
    const { id, path } = await create();
    const refused = await acme('POST', `${path}/secret/rotate`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
    expect(await actionsOn(id)).toHaveLength(1);
    expect(await countSecrets(api.database.pool, id)).toBe(1);
  });

  it('refuses at creation what it refuses here, and takes the secret of the published vector', async () => {
    const { status, body } = await acme('POST', '/v1/endpoints', { url, secret: ZEROS });
    expect([status, body.code]).toEqual([422, 'secret_too_weak']);
    const published = await acme('POST', '/v1/endpoints', { url, secret: golden.secret });
    expect(published).toMatchObject({ status: 201, body: { secret: golden.secret } });
  });
});

describe('POST /v1/endpoints/{id}/secret/promote', () => {
  it('makes the newest the primary one, and changes nothing where it is', async () => {
    const { path } = await create();
    const alone = { secrets: [{ number: 1, is_primary: true }] };
    expect((await acme('POST', `${path}/secret/promote`)).body).toMatchObject(alone);
    await acme('POST', `${path}/secret/rotate`);
    const promoted = {
      secrets: [
        { number: 2, is_primary: true, expires_at: null },
        { number: 1, is_primary: false, expires_at: expect.any(String) },
      ],
    };
    for (let times = 0; times < 2; times += 1)
      expect(await acme('POST', `${path}/secret/promote`)).toMatchObject({ status: 200, body: promoted });
  });
});

describe('POST /v1/endpoints/{id}/secret/revoke', () => {
  it('revokes the old ones by default, safe to repeat', async () => {
    const { path } = await create();
    await acme('POST', `${path}/secret/rotate`);
    for (let times = 0; times < 2; times += 1)
      expect(await acme('POST', `${path}/secret/revoke`)).toMatchObject({
        status: 200,
        body: { secrets: [{ number: 2, is_primary: true, expires_at: null }] },
      });
    expect((await acme('GET', path)).body.secret_rotation).toBeNull();
  });

  it('never revokes the last one', async () => {
    const { path } = await create();
    const refused = await acme('POST', `${path}/secret/revoke`, { numbers: [1] });
    expect(refused).toMatchObject({ status: 409, body: { code: 'last_secret' } });
  });

  it.each([
    ['a number that no secret had', { numbers: [1, 9] }, '/numbers/1', 'unknown_secret'],
    ['no number', { numbers: [] }, '/numbers', 'too_small'],
    ['number 0', { numbers: [0] }, '/numbers/0', 'too_small'],
    ['a number beyond all', { numbers: [3_000_000_000] }, '/numbers/0', 'too_big'],
    ['a quoted number', { numbers: ['1'] }, '/numbers/0', 'invalid_type'],
    ['an unknown member', { secrets: [1] }, '/secrets', 'unknown_member'],
  ])('refuses %s', async (_what, body, pointer, code) => {
    const { path } = await create();
    const refused = await acme('POST', `${path}/secret/revoke`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
  });
});

describe('GET /v1/endpoints/{id}/secret', () => {
  it('shows the live secrets with their texts', async () => {
    const { path, secret } = await create();
    const { body: rotated } = await acme('POST', `${path}/secret/rotate`);
    const { status, body } = await acme('GET', `${path}/secret`);
    expect(status).toBe(200);
    expect(body.secrets).toMatchObject([
      { number: 1, secret, is_primary: true },
      { number: 2, secret: rotated.secret, is_primary: false },
    ]);
  });

  it('notes every look and every change in the audit log, and no secret', async () => {
    const { id, path, secret } = await create();
    const mine = generateSecret();
    await acme('POST', `${path}/secret/rotate`, { secret: mine });
    await acme('POST', `${path}/secret/promote`);
    await acme('POST', `${path}/secret/revoke`, { numbers: [1] });
    await api.operator('GET', `${path}/secret`);
    await api.operator('HEAD', `${path}/secret`);
    expect(await actionsOn(id)).toEqual([
      ['endpoint.secret_read', [], 'acme'],
      ['endpoint.secret_read', [], 'acme'],
      ['endpoint.secret_revoke', ['numbers'], 'acme'],
      ['endpoint.secret_promote', [], 'acme'],
      ['endpoint.secret_rotate', ['secret'], 'acme'],
      ['endpoint.create', ['url'], 'acme'],
    ]);
    const entries = await textOf(api.database.pool, 'audit_entries');
    for (const text of [secret, mine]) expect(entries).not.toContain(text);
  });

  it('shows nothing where the look cannot be noted', async () => {
    const { path, secret } = await create();
    const refused = await withoutTable(api.database.pool, 'audit_entries', async () => {
      const answer = await acme('GET', `${path}/secret`);
      expect((await acme('POST', `${path}/secret/rotate`)).status).toBe(200);
      return answer;
    });
    expect(refused.status).toBe(500);
    expect(JSON.stringify(refused.body)).not.toContain(secret);
  });
});

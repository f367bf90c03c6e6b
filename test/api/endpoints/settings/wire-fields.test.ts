import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSigningKey, publicKeyOf } from '../../../../src/signature/schemes/signing-key.ts';
import { generateSecret } from '../../../../src/signature/secret.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';

const url = 'https://example.com/hook';
const phrase = 'correct horse battery staple';
const custom = { header: 'X-Acme-Signature', scheme: 'hex' };

describe('payload, webhook_id and signatures of an endpoint', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const create = async (body: object) =>
    await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', ...body });
  const change = async (id: string, body: object) => await api.operator('PATCH', `/v1/endpoints/${id}`, body);

  it("are Posthorn's own where nothing is said", async () => {
    expect((await create({})).body).toMatchObject({
      payload: 'envelope',
      webhook_id: 'delivery',
      signatures: ['posthorn', 'standard'],
      public_keys: [],
    });
  });

  it('are kept, changed one by one and returned to the defaults', async () => {
    const given = { payload: 'cloudevents', webhook_id: 'event', signatures: ['svix', custom] };
    const { body } = await create({ ...given, secret: generateSecret() });
    const full = { ...custom, prefix: '', secret_encoding: 'text' };
    expect(body).toMatchObject({ ...given, signatures: ['svix', full] });
    expect((await change(body.id, { payload: 'data' })).body).toMatchObject({
      payload: 'data',
      webhook_id: 'event',
      signatures: ['svix', full],
    });
    const reset = { payload: null, webhook_id: null, signatures: null };
    expect((await change(body.id, reset)).body).toMatchObject({
      payload: 'envelope',
      webhook_id: 'delivery',
      signatures: ['posthorn', 'standard'],
    });
  });

  it('show the public key of what signs asymmetrically, also of an imported one; after a rotation both', async () => {
    const signing_key = generateSigningKey();
    const { body } = await create({ signatures: ['standard_asymmetric'], signing_key });
    expect(body).not.toHaveProperty('signing_key');
    expect(body.public_keys).toEqual([publicKeyOf(signing_key)]);
    await api.operator('POST', `/v1/endpoints/${body.id}/secret/rotate`);
    const { public_keys } = (await api.operator('GET', `/v1/endpoints/${body.id}`)).body;
    expect(public_keys).toEqual([publicKeyOf(signing_key), expect.stringMatching(/^whpk_.{44}$/)]);
  });

  it('take a secret of any form where another sender signs', async () => {
    const { status, body } = await create({ signatures: ['github', 'convoy_advanced'], secret: phrase });
    expect(status).toBe(201);
    expect(body.secret).toBe(phrase);
    const { secrets } = (await api.operator('GET', `/v1/endpoints/${body.id}/secret`)).body;
    expect(secrets).toMatchObject([{ secret: phrase }]);
    const rotated = await api.operator('POST', `/v1/endpoints/${body.id}/secret/rotate`, {
      secret: 'another phrase that is long enough',
    });
    expect(rotated.status).toBe(200);
  });

  it.each([
    ['a short secret', { signatures: ['github'], secret: '15 bytes of key' }, '/secret', 'secret_too_short'],
    [
      'a line break',
      { signatures: ['github'], secret: `${phrase}\n` },
      '/secret',
      'secret_not_for_signature',
    ],
    ['a phrase for Svix', { signatures: ['svix'], secret: phrase }, '/secret', 'secret_not_for_signature'],
    ['a phrase by default', { secret: phrase }, '/secret', 'secret_prefix_missing'],
    [
      'a phrase as hex',
      { signatures: [{ ...custom, secret_encoding: 'hex' }], secret: phrase },
      '/secret',
      'secret_not_for_signature',
    ],
    ['no signature', { signatures: [] }, '/signatures', 'too_small'],
    ['an unknown preset', { signatures: ['hmac'] }, '/signatures/0', 'invalid_type'],
    ['one twice', { signatures: ['standard', 'standard'] }, '/signatures/1', 'signature_header_taken'],
    [
      'two in one header',
      { signatures: ['convoy_simple', 'convoy_advanced'] },
      '/signatures/1',
      'signature_header_taken',
    ],
    [
      'the header of a custom one',
      { signatures: ['github'], headers: { 'x-hub-signature-256': 'x' } },
      '/signatures/0',
      'signature_header_taken',
    ],
    [
      'a header of HTTP',
      { signatures: [{ ...custom, header: 'Content-Length' }] },
      '/signatures/0/header',
      'header_reserved',
    ],
    [
      'a header that informs',
      { signatures: [{ ...custom, header: 'X-Webhook-Event' }] },
      '/signatures/0',
      'signature_header_taken',
    ],
    [
      'a prefix with a line break',
      { signatures: [{ ...custom, prefix: 'a\r\nX: y' }] },
      '/signatures/0/prefix',
      'header_value_invalid',
    ],
    ['a payload that is none', { payload: 'xml' }, '/payload', 'invalid_value'],
    ['no signing key', { signing_key: 'whsk_AAAA' }, '/signing_key', 'invalid_signing_key'],
  ])('are refused with %s', async (_what, body, pointer, code) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: `#${pointer}`, code }));
  });

  it('are not changed to what no live secret can sign', async () => {
    const { body } = await create({ signatures: ['github'], secret: phrase });
    const answer = await change(body.id, { signatures: ['github', 'standard'] });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([
      { pointer: '#/signatures/1', code: 'secret_not_for_signature' },
    ]);
  });
});

import { createPrivateKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { type Certificates, createCertificates } from '../../../support/receivers/certificates.ts';

const url = 'https://example.com/hook';
const DEFAULT = { min_version: '1.3', client_certificate: null, client_key: null };

let api: ApiUnderTest;
let strict: ApiUnderTest;
let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
  const environment = { POSTHORN_EGRESS_ADDRESSES: '203.0.113.7=10.0.0.7', POSTHORN_ALLOW_TLS_1_2: 'true' };
  api = await startApi({ environment });
  strict = await startApi();
});
afterAll(async () => {
  await api.close();
  await strict.close();
});

async function create(settings: object) {
  return await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', ...settings });
}

function pair(which: 'valid' | 'address' = 'valid') {
  return { client_certificate: certificates[which].cert, client_key: certificates[which].key };
}

describe('tls and egress_address of an endpoint', () => {
  it('have defaults', async () => {
    expect((await create({})).body).toMatchObject({ tls: DEFAULT, egress_address: null });
    expect((await create({ tls: null, egress_address: null })).body).toMatchObject({ tls: DEFAULT });
  });

  it('are kept, changed member by member, and show the key never again', async () => {
    const tls = { min_version: '1.2', ...pair() };
    const created = await create({ tls, egress_address: '203.0.113.7' });
    const shown = { ...tls, client_key: '***' };
    expect(created).toMatchObject({ status: 201, body: { tls: shown, egress_address: '203.0.113.7' } });
    const path = `/v1/endpoints/${created.body.id}`;
    const change = async (body: object) => await api.operator('PATCH', path, body);

    expect((await change({ tls: shown })).body).toMatchObject({ tls: shown });
    expect((await change({ tls: { min_version: '1.3' }, egress_address: null })).body).toMatchObject({
      tls: { ...shown, min_version: '1.3' },
      egress_address: null,
    });
    const other = pair('address');
    expect((await change({ tls: other })).body).toMatchObject({ tls: { ...other, client_key: '***' } });
    expect((await change({ tls: { client_certificate: null, client_key: null } })).body).toMatchObject({
      tls: DEFAULT,
    });
  });

  it.each<[string, () => object, string, string]>([
    ['an unknown version', () => ({ tls: { min_version: '1.1' } }), '/tls/min_version', 'invalid_value'],
    ['a number as version', () => ({ tls: { min_version: 1.2 } }), '/tls/min_version', 'invalid_value'],
    ['an unknown member', () => ({ tls: { ca: 'x' } }), '/tls/ca', 'unknown_member'],
    ['a certificate alone', () => ({ tls: { ...pair(), client_key: null } }), '/tls/client_key', 'required'],
    [
      'a key alone',
      () => ({ tls: { ...pair(), client_certificate: null } }),
      '/tls/client_certificate',
      'required',
    ],
    ['a masked key', () => ({ tls: { ...pair(), client_key: '***' } }), '/tls/client_key', 'required'],
    [
      'no certificate',
      () => ({ tls: { ...pair(), client_certificate: 'x' } }),
      '/tls/client_certificate',
      'invalid_certificate',
    ],
    [
      'a certificate that brings the key along',
      () => ({
        tls: { ...pair(), client_certificate: `${pair().client_certificate}\n${pair().client_key}` },
      }),
      '/tls/client_certificate',
      'private_key_in_certificate',
    ],
    ['no key', () => ({ tls: { ...pair(), client_key: 'x' } }), '/tls/client_key', 'invalid_private_key'],
    [
      'a key of another',
      () => ({ tls: { ...pair(), client_key: pair('address').client_key } }),
      '/tls/client_key',
      'key_mismatch',
    ],
    [
      'an unknown address',
      () => ({ egress_address: '203.0.113.8' }),
      '/egress_address',
      'unknown_egress_address',
    ],
    ['an inner address', () => ({ egress_address: '10.0.0.7' }), '/egress_address', 'unknown_egress_address'],
  ])('are refused with %s', async (_, settings, pointer, code) => {
    const answer = await create(settings());

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer: `#${pointer}`, code, detail: expect.any(String) }]);
    expect(JSON.stringify(answer.body)).not.toContain('PRIVATE KEY');
  });

  it('are refused with a key so large that a handshake would hold up everything else', async () => {
    const client_key = rsaKeyOf(4_104);
    const { errors } = (await create({ tls: { ...pair(), client_key } })).body;

    expect(errors.map(({ code }) => code)).toEqual(['private_key_too_large', 'key_mismatch']);
  });

  it('take TLS 1.2 only where the operator allows it', async () => {
    const body = { url, customer_id: 'acme', tls: { min_version: '1.2' } };
    const answer = await strict.operator('POST', '/v1/endpoints', body);

    expect(answer.body.errors).toMatchObject([
      { pointer: '#/tls/min_version', code: 'tls_version_not_allowed' },
    ]);
  });
});

/** Of random numbers: to find primes so large takes seconds, and nobody looks at more than how large they are. */
function rsaKeyOf(bits: number): string {
  const number = (of: number): string => {
    const bytes = randomBytes(of / 8);
    bytes.writeUInt8(0x80, 0);
    return bytes.toString('base64url');
  };
  const [n, d] = [number(bits), number(bits - 8)];
  const [p, q] = [number(bits / 2 + 4), number(bits / 2 + 4)];
  const [dp, dq, qi] = [number(bits / 2 - 4), number(bits / 2 - 4), number(bits / 2 - 4)];
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'RSA', e: 'AQAB', n, d, p, q, dp, dq, qi } });
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { readConfig } from '../../../../src/config.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { type Certificates, createCertificates } from '../../../support/receivers/certificates.ts';
import { removeDirectory } from '../../../support/remove-directory.ts';

const directory = mkdtempSync(join(tmpdir(), 'posthorn-https-'));
let certificates: Certificates;
let api: ApiUnderTest;
let agent: Agent;

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

beforeAll(async () => {
  certificates = await createCertificates();
  api = await startApi({
    environment: {
      POSTHORN_TLS_CERT_FILE: write('cert.pem', certificates.address.cert),
      POSTHORN_TLS_KEY_FILE: write('key.pem', certificates.address.key),
    },
  });
  agent = new Agent({ connect: { ca: certificates.authority } });
});
afterAll(async () => {
  await agent.close();
  await api.close();
  removeDirectory(directory);
});

describe('an API with a certificate', () => {
  it('answers over HTTPS, to clients that trust its authority', async () => {
    const url = `${api.url.replace('http:', 'https:')}/v1/health/live`;
    const { statusCode } = await request(url, { dispatcher: agent });
    expect(statusCode).toBe(200);
    await expect(request(url)).rejects.toThrow(/certificate/);
  });

  it('does not answer without TLS', async () => {
    await expect(request(`${api.url}/v1/health/live`)).rejects.toThrow();
  });

  it.each([
    ['one file without the other', () => ({ POSTHORN_TLS_KEY_FILE: '' }), /needed together/],
    [
      'a key of another certificate',
      () => ({ POSTHORN_TLS_KEY_FILE: write('other.pem', certificates.valid.key) }),
      /cannot be used/,
    ],
    [
      'a file that is not there',
      () => ({ POSTHORN_TLS_CERT_FILE: join(directory, 'none') }),
      /POSTHORN_TLS_CERT_FILE=.*ENOENT/,
    ],
  ])('does not start with %s', (_what, instead, told) => {
    const read = () =>
      readConfig('api', {
        DATABASE_URL: 'postgres://127.0.0.1/posthorn',
        TEMPORAL_ADDRESS: '127.0.0.1:7233',
        POSTHORN_ADMIN_KEY: 'a'.repeat(16),
        POSTHORN_MASTER_KEY: Buffer.alloc(32).toString('base64'),
        POSTHORN_TLS_CERT_FILE: join(directory, 'cert.pem'),
        POSTHORN_TLS_KEY_FILE: join(directory, 'key.pem'),
        ...instead(),
      });
    expect(read).toThrow(told);
  });
});

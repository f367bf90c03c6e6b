import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.ts';

const COMPLETE = {
  DATABASE_URL: 'postgres://127.0.0.1/posthorn',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  POSTHORN_ADMIN_KEY: 'a'.repeat(16),
  POSTHORN_MASTER_KEY: Buffer.alloc(32).toString('base64'),
};

describe('readConfig', () => {
  it('names every setting that makes no sense', () => {
    const read = () => readConfig('api', { ...COMPLETE, PORT: 'x', POSTHORN_RETENTION_DAYS: '0' });
    expect(read).toThrow(/^PORT="x": .+\nPOSTHORN_RETENTION_DAYS="0": .+$/);
  });

  it.each([
    ['POSTHORN_ADMIN_KEY', 'topsecret'],
    ['POSTHORN_MASTER_KEY', 'topsecret'],
    ['DATABASE_URL', 'mysql://me:topsecret@host/db'],
    ['DATABASE_URL', 'mysql://me:topsecret@5@host/db'],
    ['DATABASE_URL', 'mysql://:topsecret@host/db'],
  ])('shows no secret in a %s that makes no sense', (name, value) => {
    const read = () => readConfig('api', { ...COMPLETE, [name]: value });
    expect(read).toThrow(name);
    expect(read).not.toThrow('topsecret');
  });
});

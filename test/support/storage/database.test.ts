import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { takeNamespace } from '../runs/temporal.ts';
import { createDatabase } from './database.ts';

describe('createDatabase', () => {
  it('gives every caller a migrated database of its own', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await run(one.url, 'CREATE TABLE mine (id int)');
    await expect(run(other.url, 'SELECT * FROM mine')).rejects.toThrow('does not exist');
    await expect(run(other.url, 'SELECT count(*) FROM deliveries')).resolves.toBeUndefined();
    await Promise.all([one.drop(), other.drop()]);
    await expect(run(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

describe('takeNamespace', () => {
  it('never gives the same one twice', () => {
    expect(takeNamespace()).not.toBe(takeNamespace());
  });
});

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

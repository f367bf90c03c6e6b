import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PostgresClient } from '../../../src/storage/postgres/postgres-client.ts';

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const ENDING = message(
  'E',
  Buffer.from(
    'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0',
    'latin1',
  ),
);

let server: Server;

afterEach(() => void server.close());

/** A server that answers the first message of each connection with these bytes, all at once, and hangs up. */
async function serverThatSays(...messages: readonly Buffer[]): Promise<string> {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat(messages)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `postgres://user@127.0.0.1:${(server.address() as AddressInfo).port}/any`;
}

/** One of the server's messages: its kind, how long it is, and what it says. */
function message(kind: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + length.length);
  return Buffer.concat([Buffer.from(kind), length, content]);
}

describe('PostgresClient', () => {
  it('survives a server that ends as soon as it is ready, in a pool', async () => {
    const connectionString = await serverThatSays(AUTHENTICATED, READY, ENDING);
    const pool = new pg.Pool({ Client: PostgresClient, connectionString });
    pool.on('error', () => {});
    await expect(pool.query('SELECT 1')).rejects.toThrow(/connection/i);
    await pool.end();
  });

  it('survives it by itself, and tells whoever asks afterwards', async () => {
    const connectionString = await serverThatSays(AUTHENTICATED, READY, ENDING);
    const client = new PostgresClient({ connectionString });
    await client.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
    await client.end();
  });

  it('says in a sentence why it cannot connect', async () => {
    const connectionString = await serverThatSays(ENDING);
    const client = new PostgresClient({ connectionString });
    await expect(client.connect()).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
  });
});

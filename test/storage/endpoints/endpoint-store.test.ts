import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MASK } from '../../../src/domain/endpoint.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../../src/domain/endpoint-rules.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/domain/retry-schedule.ts';
import { DEFAULT_WIRE_CHOICES } from '../../../src/domain/wire-choices.ts';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { EndpointStore, type NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { EndpointRemoval } from '../../../src/storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { openHeaders } from '../../../src/storage/sealed/sealed-headers.ts';
import { openRoute } from '../../../src/storage/sealed/sealed-route.ts';
import { openPair } from '../../../src/storage/sealed/sealed-secret.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';
import { newSecretBox } from '../../support/storage/master-key.ts';

const secretBox = newSecretBox();
const secret = `whsec_${randomBytes(32).toString('base64')}`;

describe('EndpointStore', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: EndpointStore;

  beforeAll(async () => {
    testDatabase = await createDatabase();
    database = openDatabase(testDatabase.url, { logger: createLogger('silent') });
    store = new EndpointStore(database, secretBox);
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  it('keeps secrets and sensitive header values encrypted, and shows the latter masked', async () => {
    const endpoint = await store.create(newEndpoint({ headers: [team, token] }));
    expect(endpoint.headers).toEqual([team, { ...token, value: MASK }]);
    expect(await store.read(endpoint.id)).toEqual(endpoint);
    const { rows } = await database.pool.query<{ text: string }>(
      'SELECT e::text || s::text AS text FROM endpoints e ' +
        'JOIN endpoint_secrets s ON s.endpoint_id = e.id WHERE e.id = $1',
      [endpoint.id],
    );
    expect(rows[0]?.text).not.toContain(token.value);
    expect(rows[0]?.text).not.toContain(secret);
    expect(await headersInClear(endpoint.id)).toEqual([team, token]);
    expect(await secretInClear(endpoint.id)).toBe(secret);
  });

  it('makes an open gate with the endpoint', async () => {
    const { id } = await store.create(newEndpoint());
    const { rows } = await database.pool.query('SELECT is_open FROM gates WHERE endpoint_id = $1', [id]);
    expect(rows).toEqual([{ is_open: true }]);
  });

  it('stores nothing where a part of it cannot be stored', async () => {
    const endpoint = newEndpoint({ description: '\0' });
    await expect(store.create(endpoint)).rejects.toThrow();
    const { rows } = await database.pool.query('SELECT FROM gates WHERE endpoint_id = $1', [endpoint.id]);
    expect(rows).toHaveLength(0);
  });

  it('changes what is given, keeps the rest, and keeps a stored value that comes back masked', async () => {
    const { id } = await store.create(newEndpoint({ headers: [token] }));
    const renamed = { ...token, name: 'AUTHORIZATION', value: MASK };
    const changed = await store.update(id, { timeoutMs: 5_000, headers: [team, renamed] });
    expect(changed).toMatchObject({ timeoutMs: 5_000, url: 'https://example.com/hook', events: ['*'] });
    expect(await headersInClear(id)).toEqual([team, { ...renamed, value: token.value }]);
    await store.update(id, { headers: [{ ...token, value: 'Bearer new' }] });
    expect(await headersInClear(id)).toEqual([{ ...token, value: 'Bearer new' }]);
  });

  it('finds no endpoint that never was or was deleted', async () => {
    const { id } = await store.create(newEndpoint({ customerId: 'deleter' }));
    await new EndpointRemoval(database).remove(id);
    for (const gone of [id, newId('ep')]) {
      expect(await store.read(gone)).toBeNull();
      expect(await store.update(gone, { timeoutMs: 200 })).toBeNull();
    }
    expect(await store.list({ customerId: 'deleter' }, firstPage)).toEqual([]);
  });

  it('keeps nothing of a deleted endpoint that is secret', async () => {
    const route = {
      minTlsVersion: '1.3',
      clientCertificate: 'c',
      clientKey: 'k',
      egressAddress: null,
    } as const;
    const { id } = await store.create(newEndpoint({ headers: [token], route }));
    await new EndpointRemoval(database).remove(id);
    const { rows } = await database.pool.query(
      'SELECT headers, route, (SELECT count(*)::int FROM endpoint_secrets ' +
        'WHERE endpoint_id = id) AS secrets FROM endpoints WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ headers: [], route: null, secrets: 0 }]);
  });

  it('lists newest first, by page and by filter', async () => {
    const of = (part: Partial<NewEndpoint>) => store.create(newEndpoint({ customerId: 'lister', ...part }));
    const first = await of({ events: ['job.*'] });
    const second = await of({ url: 'https://other.example/_x%' });
    const third = await of({ events: ['job.failed'] });
    await new EndpointSwitch(database).disable(first.id, 'by_hand');
    const list = async (filter: object, page: object = {}) =>
      (await store.list({ customerId: 'lister', ...filter }, { ...firstPage, ...page })).map(({ id }) => id);

    expect(await list({})).toEqual([third.id, second.id, first.id]);
    expect(await list({}, { fetchLimit: 2 })).toEqual([third.id, second.id]);
    expect(await list({}, { beforeId: second.id })).toEqual([first.id]);
    expect(await list({ status: 'disabled' })).toEqual([first.id]);
    expect(await list({ eventEntries: ['job.failed', 'job.*', '*'] })).toEqual([
      third.id,
      second.id,
      first.id,
    ]);
    expect(await list({ eventEntries: ['job.completed', 'job.*'] })).toEqual([first.id]);
    expect(await list({ urlContains: '_x%' })).toEqual([second.id]);
  });

  it('keeps the key of a client certificate encrypted, masks it, and replaces it only by another', async () => {
    const route = {
      minTlsVersion: '1.2',
      clientCertificate: 'the certificate',
      clientKey: 'the key',
      egressAddress: '203.0.113.7',
    } as const;
    const { id } = await store.create(newEndpoint({ route }));
    expect((await store.read(id))?.route).toEqual({ ...route, clientKey: MASK });

    await store.update(id, { route: { ...route, egressAddress: null, clientKey: MASK } });
    expect(await routeInClear(id)).toEqual({ ...route, egressAddress: null });
    await store.update(id, { description: 'changed' });
    expect(await routeInClear(id)).toEqual({ ...route, egressAddress: null });
    const changed = await store.update(id, { route: { ...route, clientKey: 'another' } });
    expect(changed?.route?.clientKey).toBe(MASK);
    expect(await routeInClear(id)).toEqual({ ...route, clientKey: 'another' });
    await store.update(id, { route: null });
    expect(await routeInClear(id)).toBeNull();
  });

  async function routeInClear(endpointId: string): Promise<unknown> {
    const sql = 'SELECT route, route::text AS text FROM endpoints WHERE id = $1';
    const { rows } = await database.pool.query(sql, [endpointId]);
    expect(String(rows[0].text)).not.toMatch(/the key|another/);
    return openRoute(rows[0].route, { secretBox, endpointId });
  }

  async function headersInClear(endpointId: string): Promise<unknown> {
    const { rows } = await database.pool.query('SELECT headers FROM endpoints WHERE id = $1', [endpointId]);
    return openHeaders(rows[0].headers, { secretBox, endpointId });
  }

  async function secretInClear(endpointId: string): Promise<string> {
    const { rows } = await database.pool.query(
      'SELECT ciphertext FROM endpoint_secrets WHERE endpoint_id = $1',
      [endpointId],
    );
    return openPair(rows[0].ciphertext.toString('base64'), { secretBox, endpointId }).secret;
  }
});

const firstPage = { beforeId: null, fetchLimit: 10 };
const team = { name: 'X-Team', value: 'data', sensitive: false };
const token = { name: 'Authorization', value: 'Bearer very-secret', sensitive: true };

function newEndpoint(part: Partial<NewEndpoint> = {}): NewEndpoint {
  return {
    id: newId('ep'),
    customerId: 'acme',
    secret,
    url: 'https://example.com/hook',
    description: '',
    metadata: {},
    filter: null,
    events: ['*'],
    headers: [],
    timeoutMs: 30_000,
    retry: DEFAULT_RETRY_POLICY,
    route: null,
    wire: DEFAULT_WIRE_CHOICES,
    replayOnRecovery: false,
    ...DEFAULT_ENDPOINT_RULES,
    ...part,
  };
}

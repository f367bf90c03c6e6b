import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UNREQUESTED_ACTIONS } from '../../../src/storage/access/endpoint-changes.ts';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { type ApiBody, type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertKey } from '../../support/api/api-key.ts';
import { countRows, textOf, withoutTable } from '../../support/rows/tables.ts';
import { insertDelivery } from '../../support/storage/rows.ts';

const URL = 'https://receiver.example/';
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

let api: ApiUnderTest;
let acme: ApiCall;
let globex: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  globex = await api.customer('globex');
});
afterAll(async () => await api.close());

describe('GET /v1/audit', () => {
  it('tells who did what to which endpoint, from where, and which members were given', async () => {
    const { body } = await acme('POST', '/v1/endpoints', { url: URL, description: 'x', secret: SECRET });
    const path = `/v1/endpoints/${body.id}`;
    await acme('PATCH', path, {
      timeout_ms: 1_000,
      headers: { 'X-Token': { value: 'hush', sensitive: true } },
    });
    await api.operator('POST', `${path}/disable`);
    await api.operator('POST', `${path}/enable`);
    await api.operator('DELETE', path);
    const entries = (await api.operator('GET', `/v1/audit?subject_id=${body.id}`)).body.items;
    expect(entries.map(({ action, actor, changed }) => [action, actor, changed])).toEqual([
      ['endpoint.delete', 'operator', []],
      ['endpoint.enable', 'operator', []],
      ['endpoint.disable', 'operator', []],
      ['endpoint.update', 'customer', ['timeout_ms', 'headers']],
      ['endpoint.create', 'customer', ['url', 'description', 'secret']],
    ]);
    expect(entries.every(({ customer_id }) => customer_id === 'acme')).toBe(true);
    expect(entries.at(-1)).toEqual({
      id: expect.stringMatching(/^aud_/),
      created_at: expect.stringMatching(/Z$/),
      action: 'endpoint.create',
      subject_id: body.id,
      customer_id: 'acme',
      actor: 'customer',
      key_id: expect.stringMatching(/^key_/),
      person: null,
      address: '127.0.0.1',
      request_id: expect.any(String),
      reason: null,
      changed: ['url', 'description', 'secret'],
      affected: null,
    });
    const kept = await textOf(api.database.pool, 'audit_entries');
    for (const secret of [SECRET, 'hush', body.secret]) expect(kept).not.toContain(secret);
  });

  it('covers keys, event types, deliveries and dead letters', async () => {
    const { body: key } = await api.operator('POST', '/v1/api-keys', { customer_id: 'acme' });
    await api.operator('POST', `/v1/api-keys/${key.id}/rotate`, {});
    await api.operator('DELETE', `/v1/api-keys/${key.id}`);
    await api.operator('POST', '/v1/event-types', { name: 'a.b', description: '' });
    await api.operator('PATCH', '/v1/event-types/a.b', { description: 'c' });
    await api.operator('DELETE', '/v1/event-types/a.b');
    const { body: endpoint } = await acme('POST', '/v1/endpoints', { url: URL });
    const rows = { endpoint_id: endpoint.id, status: 'dead' };
    const ids = await Promise.all([0, 1, 2].map(() => insertDelivery(api.database.pool, rows)));
    await acme('POST', `/v1/deliveries/${ids[0]}/retry`);
    await acme('POST', '/v1/dead-letters/retry', { all: true, dry_run: true });
    await acme('POST', '/v1/dead-letters/discard', { filter: { ids: [ids[1]] } });
    await api.operator('POST', '/v1/dead-letters/retry', { filter: { customer_id: 'acme', ids: [ids[2]] } });
    const later = { event: 'job.completed', data: {}, deliver_at: new Date(Date.now() + 60_000) };
    const { body: event } = await acme('POST', '/v1/events', later);
    await acme('POST', `/v1/events/${event.id}/cancel`);
    const entries = (await api.operator('GET', '/v1/audit?limit=11')).body.items;
    expect(entries.map(toRow)).toEqual([
      ['event.cancel', event.id, 'acme', null],
      ['dead_letters.retry', null, 'acme', 1],
      ['dead_letters.discard', null, 'acme', 1],
      ['delivery.retry', ids[0], 'acme', null],
      ['endpoint.create', endpoint.id, 'acme', null],
      ['event_type.delete', 'a.b', null, null],
      ['event_type.update', 'a.b', null, null],
      ['event_type.create', 'a.b', null, null],
      ['api_key.revoke', key.id, 'acme', null],
      ['api_key.rotate', key.id, 'acme', null],
      ['api_key.create', key.id, 'acme', null],
    ]);
  });

  it('has no entry for what was refused or only read', async () => {
    const before = await count();
    await acme('POST', '/v1/endpoints', { url: 'nonsense' });
    await acme('DELETE', '/v1/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    await acme('POST', '/v1/api-keys', { customer_id: 'acme' });
    await acme('GET', '/v1/endpoints');
    expect(await count()).toBe(before);
  });

  it('shows a customer what was done to its own things, and of the operator nothing more', async () => {
    const { body } = await api.operator('POST', '/v1/endpoints', { url: URL, customer_id: 'acme' });
    const path = `/v1/audit?subject_id=${body.id}`;
    expect((await acme('GET', path)).body.items).toEqual([
      expect.objectContaining({ actor: 'operator', key_id: null, address: null, customer_id: 'acme' }),
    ]);
    expect((await globex('GET', path)).body.items).toEqual([]);
    expect((await globex('GET', '/v1/audit')).body.items).toEqual([]);
    const deploy = await insertKey(api.database, { customerId: null });
    const headers = { Authorization: `Bearer ${deploy.key}` };
    await fetch(`${api.url}/v1/endpoints/${body.id}/disable`, { method: 'POST', headers });
    expect((await acme('GET', path)).body.items[0]).toMatchObject({ key_id: null, address: null });
    expect((await api.operator('GET', path)).body.items[0]).toMatchObject({ key_id: deploy.id });
  });

  it('has what became of an endpoint by itself, and what people gave as reasons', async () => {
    const { body } = await acme('POST', '/v1/endpoints', { url: URL });
    const path = `/v1/endpoints/${body.id}`;
    await api.operator('POST', `${path}/pause`, { reason: 'moving house' });
    await new EndpointSwitch(api.database).disable(body.id, 'gone');
    await acme('POST', `${path}/enable`);
    await acme('POST', '/v1/dead-letters/retry', { filter: { reason: 'expired' } });
    const { items } = (await acme('GET', `/v1/audit?subject_id=${body.id}`)).body;
    expect(items).toMatchObject([
      { action: 'endpoint.enable', actor: 'customer', reason: null },
      { action: 'endpoint.disable', actor: 'system', reason: 'gone', request_id: null, key_id: null },
      { action: 'endpoint.pause', actor: 'operator', reason: 'moving house', changed: ['reason'] },
      { action: 'endpoint.create', actor: 'customer' },
    ]);
    const [bulk] = (await acme('GET', '/v1/audit?action=dead_letters.retry')).body.items;
    expect(bulk).toMatchObject({ reason: null });
  });

  it('is filtered and read page by page', async () => {
    for (let times = 0; times < 3; times += 1) await globex('POST', '/v1/endpoints', { url: URL });
    const first = await api.operator('GET', '/v1/audit?customer_id=globex&action=endpoint.create&limit=2');
    expect(first.body.items).toHaveLength(2);
    const next = `/v1/audit?customer_id=globex&action=endpoint.create&limit=2&cursor=${first.body.next_cursor}`;
    expect((await api.operator('GET', next)).body).toMatchObject({ next_cursor: null });
    const { created_at: at } = first.body.items[1] ?? { created_at: '' };
    const span = async (query: string) => (await globex('GET', `/v1/audit?${query}`)).body.items.length;
    expect([await span(`after=${at}`), await span(`before=${at}`)]).toEqual([2, 1]);
    expect((await globex('GET', '/v1/audit?before=yesterday')).status).toBe(422);
  });

  it('does what it was asked to although the entry cannot be written', async () => {
    const create = async () => await acme('POST', '/v1/endpoints', { url: URL });
    expect((await withoutTable(api.database.pool, 'audit_entries', create)).status).toBe(201);
  });

  it('names every action in OpenAPI and in docs/access/audit.md', async () => {
    const text = await (await fetch(`${api.url}/docs-json`)).text();
    const actions = new Set(
      [...text.matchAll(/"x-audit-action":\s*"([\w.]+)"/g)].map(([, action]) => action),
    );
    expect(actions.size).toBeGreaterThan(10);
    const page = readFileSync('docs/access/audit.md', 'utf8');
    const all = [...actions, ...UNREQUESTED_ACTIONS];
    expect(all.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
  });
});

function toRow({ action, subject_id, customer_id, affected }: ApiBody): readonly unknown[] {
  return [action, subject_id, customer_id, affected];
}

async function count(): Promise<number> {
  return await countRows(api.database.pool, 'audit_entries');
}

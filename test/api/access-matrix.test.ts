import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_KEY_SCOPES, CUSTOMER_KEY_SCOPES } from '../../src/domain/api-key.ts';
import { newId } from '../../src/new-id.ts';
import { newKeyText } from '../../src/settings/api-key-text.ts';
import { ReplayStore } from '../../src/storage/replays/replay-store.ts';
import { type ApiUnderTest, startApi } from '../support/api/api.ts';
import { insertKey } from '../support/api/api-key.ts';
import { insertDelivery } from '../support/storage/rows.ts';
import { ACCESS_MATRIX, type Access, type AcmeThings, PUBLIC_ROUTES } from './access-matrix.ts';

let api: ApiUnderTest;
let things: AcmeThings;
beforeAll(async () => {
  api = await startApi({ echo: true });
  const endpoint = await api.operator('POST', '/v1/endpoints', {
    url: 'https://receiver.example/',
    customer_id: 'acme',
  });
  const event = newId('evt');
  const { pool } = api.database;
  const delivery = await insertDelivery(pool, {
    endpoint_id: endpoint.body.id,
    event_id: event,
    status: 'dead',
  });
  const { id: key } = await insertKey(api.database);
  const { id: replay } = await new ReplayStore(api.database).create({
    id: newId('rpl'),
    selection: { kind: 'dead_letters', filter: { customerId: 'acme' } },
    requestedBy: 'operator',
  });
  things = { event, endpoint: endpoint.body.id, delivery, key, replay, customer: 'acme' };
});
afterAll(async () => await api.close());

describe('every route', () => {
  it('has an entry in the matrix', () => {
    const served = api.routes.filter(({ method }) => method !== 'HEAD').map(nameOf);
    expect(served.sort()).toEqual([...Object.keys(ACCESS_MATRIX), ...PUBLIC_ROUTES].sort());
  });

  it.each([
    ['no key', async () => null, 'key_missing'],
    ['something that is no header of ours', async () => 'Basic YTpi', 'key_malformed'],
    ['garbage', async () => 'Bearer \u007e\u007e\u007e', 'key_unknown'],
    ['a key that nobody was given', async () => bearer(newKeyText()), 'key_unknown'],
    ['a wrong checksum', async () => bearer(misspelt((await insertKey(api.database)).key)), 'key_unknown'],
    ['a revoked key', async () => bearer(await revokedKey()), 'key_revoked'],
    ['an expired key', async () => bearer(await expiredKey()), 'key_expired'],
    ['a key that was replaced', async () => bearer(await replacedKey()), 'key_expired'],
  ])('answers 401 to %s', async (_what, authorize, code) => {
    const authorization = await authorize();
    expect(await deviations(async () => ({ authorization, wanted: [401, code] }))).toEqual([]);
  });

  it('answers 403 to a key with every scope but the one it needs', async () => {
    const wrong = await deviations(async ({ scope }) => {
      const scopes = API_KEY_SCOPES.filter((one) => one !== scope);
      const { key } = await insertKey(api.database, { customerId: null, scopes });
      return { authorization: bearer(key), wanted: [403, 'scope_missing'] };
    });
    expect(wrong).toEqual([]);
  });

  it("answers 403 to the customer's own key without the scope", async () => {
    const wrong = await deviations(async ({ scope }) => {
      const scopes = CUSTOMER_KEY_SCOPES.filter((one) => one !== scope);
      const { key } = await insertKey(api.database, { scopes });
      const code = scope === 'operate' ? 'operator_only' : 'scope_missing';
      return { authorization: bearer(key), wanted: [403, code] };
    });
    expect(wrong).toEqual([]);
  });

  it('answers 403 to a key from a wrong address', async () => {
    const settings = { customerId: null, allowedCidrs: ['192.0.2.0/24'] };
    const authorization = bearer((await insertKey(api.database, settings)).key);
    expect(await deviations(async () => ({ authorization, wanted: [403, 'address_not_allowed'] }))).toEqual(
      [],
    );
  });

  it("answers 403 or 404 to another customer's key that reaches for what is not its own", async () => {
    const { key } = await insertKey(api.database, { customerId: 'globex' });
    const answers = {
      foreign: [404, 'not_found'],
      named: [403, 'customer_mismatch'],
      operator: [403, 'operator_only'],
    } as const;
    const wrong = await deviations(async ({ others }) =>
      others === 'nothing' ? null : { authorization: bearer(key), wanted: answers[others] },
    );
    expect(wrong).toEqual([]);
  });

  it('has changed nothing by all this', async () => {
    const endpoint = await api.operator('GET', `/v1/endpoints/${things.endpoint}`);
    expect(endpoint.body).toMatchObject({ status: 'enabled', description: '' });
    const delivery = await api.operator('GET', `/v1/deliveries/${things.delivery}`);
    expect(delivery.body.status).toBe('dead');
    const replay = await api.operator('GET', `/v1/replays/${things.replay}`);
    expect(replay.body.status).toBe('running');
    expect((await api.operator('GET', '/v1/replays')).body.items).toHaveLength(1);
    expect((await api.operator('GET', '/v1/deliveries')).body.items).toHaveLength(1);
    expect((await api.operator('GET', '/v1/endpoints')).body.items).toHaveLength(1);
    expect((await api.operator('GET', '/v1/events')).body.items).toHaveLength(1);
    expect(api.told).toEqual([]);
  });

  it('is open to a key that has the scope', async () => {
    const { key } = await insertKey(api.database);
    const wrong = await deviations(async ({ scope }, name) => {
      const isSafe = name.startsWith('GET') && scope !== 'operate';
      return isSafe ? { authorization: bearer(key), wanted: 'admitted' } : null;
    });
    expect(wrong).toEqual([]);
  });
});

interface Trial {
  readonly authorization: string | null;
  readonly wanted: readonly [status: number, code: string] | 'admitted';
}

/** Tries every route of the matrix, `HEAD` too where it is served; what was answered otherwise than wanted. */
async function deviations(
  trialOf: (access: Access, name: string) => Promise<Trial | null>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const route of api.routes) {
    const name = nameOf({ ...route, method: route.method === 'HEAD' ? 'GET' : route.method });
    const access = ACCESS_MATRIX[name];
    const trial = access === undefined ? null : await trialOf(access, name);
    if (access === undefined || trial === null) continue;
    const [status, code] = await ask(route.method, pathOf(route.url, access), { access, trial });
    const isAsWanted =
      trial.wanted === 'admitted'
        ? status !== 401 && status !== 403
        : status === trial.wanted[0] && (route.method === 'HEAD' || code === trial.wanted[1]);
    if (!isAsWanted) found.push(`${nameOf(route)}: ${status} ${code}`);
  }
  return found;
}

async function ask(
  method: string,
  path: string,
  { access, trial }: { readonly access: Access; readonly trial: Trial },
): Promise<readonly [status: number, code: string | undefined]> {
  const { body } = access;
  const answer = await fetch(api.url + path, {
    method,
    headers: {
      ...(trial.authorization !== null && { Authorization: trial.authorization }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // A stream has no end of its own.
  const isStream = answer.ok && answer.headers.get('Content-Type') === 'text/event-stream';
  if (isStream) await answer.body?.cancel();
  const text = isStream ? '' : await answer.text();
  return [answer.status, text === '' ? undefined : (JSON.parse(text) as { code?: string }).code];
}

function pathOf(url: string, { id, others, body }: Access): string {
  const named = id === 'name' ? 'job.completed' : id === undefined ? '' : things[id];
  const path = url.replace(/:\w+/, named);
  return others === 'named' && body === undefined ? `${path}?customer_id=acme` : path;
}

function nameOf({ method, url }: { readonly method: string; readonly url: string }): string {
  return `${method} ${url}`;
}

function bearer(key: string): string {
  return `Bearer ${key}`;
}

function misspelt(key: string): string {
  return key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');
}

async function revokedKey(): Promise<string> {
  const { id, key } = await insertKey(api.database, { customerId: null });
  await api.operator('DELETE', `/v1/api-keys/${id}`);
  return key;
}

async function expiredKey(): Promise<string> {
  return (await insertKey(api.database, { customerId: null, expiresAt: new Date(Date.now() - 1) })).key;
}

async function replacedKey(): Promise<string> {
  const { id, key } = await insertKey(api.database, { customerId: null });
  await api.operator('POST', `/v1/api-keys/${id}/rotate`, {});
  return key;
}

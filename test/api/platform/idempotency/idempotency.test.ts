import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { insertKey } from '../../../support/api/api-key.ts';
import { ageAnswer, keptAnswer, loseAnswer } from '../../../support/rows/answers.ts';
import { countEndpointsAt } from '../../../support/rows/endpoints.ts';
import { whileLocked } from '../../../support/rows/locks.ts';
import { untilSomebodyWaits } from '../../../support/storage/until-somebody-waits.ts';

let api: ApiUnderTest;
let acmeKey: string;
beforeAll(async () => {
  api = await startApi();
  acmeKey = (await insertKey(api.database, { customerId: 'acme' })).key;
});
afterAll(async () => await api.close());

interface Sent {
  readonly status: number;
  readonly replayed: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(path: string, { body, key, auth = acmeKey }: Call): Promise<Sent> {
  const answer = await fetch(`${api.url}/v1/${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${auth}`,
      'Content-Type': 'application/json',
      ...(key !== undefined && { 'Idempotency-Key': key }),
    },
    body: JSON.stringify(body),
  });
  const replayed = answer.headers.get('idempotent-replayed');
  return { status: answer.status, replayed, body: (await answer.json()) as Sent['body'] };
}

interface Call {
  readonly body: unknown;
  readonly key?: string;
  readonly auth?: string;
}

async function endpointsAt(url: string): Promise<number> {
  return await countEndpointsAt(api.database.pool, url);
}

describe('a POST that creates, repeated with the same Idempotency-Key', () => {
  it('creates one endpoint, and answers the same with its secret', async () => {
    const body = { url: 'https://one.example/hooks' };
    const first = await post('endpoints', { body, key: 'one' });
    expect(first).toMatchObject({ status: 201, replayed: null });
    const again = await post('endpoints', { body, key: '"one"' });
    expect(again).toEqual({ ...first, replayed: 'true' });
    expect(await endpointsAt(body.url)).toBe(1);
    const audit = await api.operator('GET', `/v1/audit?subject_id=${String(first.body.id)}`);
    expect(audit.body.items).toHaveLength(1);
  });

  it('creates one API key, whose text the repeated answer shows', async () => {
    const { key: auth } = await insertKey(api.database, { customerId: null });
    const call = { body: { customer_id: 'acme', name: 'for the importer' }, key: 'importer', auth };
    const first = await post('api-keys', call);
    const again = await post('api-keys', call);
    expect(first.body.key).toMatch(/^ph/);
    expect(again).toEqual({ ...first, replayed: 'true' });
  });

  it('is refused where anything of the request is another', async () => {
    await post('endpoints', { body: { url: 'https://two.example/' }, key: 'two' });
    const other = await post('endpoints', { body: { url: 'https://other.example/' }, key: 'two' });
    expect(other).toMatchObject({
      status: 422,
      body: {
        code: 'idempotency_key_reused',
        errors: [{ parameter: 'Idempotency-Key', code: 'idempotency_key_reused' }],
      },
    });
    expect(await endpointsAt('https://other.example/')).toBe(0);
  });

  it('belongs to its customer and its route', async () => {
    const body = { url: 'https://three.example/' };
    const { key: zetaKey } = await insertKey(api.database, { customerId: 'zeta' });
    const ids = new Set<unknown>();
    for (const auth of [acmeKey, zetaKey]) {
      const { status, body: created } = await post('endpoints', { body, key: 'three', auth });
      expect(status).toBe(201);
      ids.add(created.id);
    }
    expect(ids.size).toBe(2);
    const rotated = await post(`endpoints/${String([...ids][0])}/secret/rotate`, { body: {}, key: 'three' });
    expect(rotated).toMatchObject({ status: 200, replayed: null });
  });

  it('may be used once more after a refusal', async () => {
    const refused = await post('endpoints', { body: { url: 'ftp://four.example/' }, key: 'four' });
    expect(refused.status).toBe(422);
    const mended = await post('endpoints', { body: { url: 'https://four.example/' }, key: 'four' });
    expect(mended).toMatchObject({ status: 201, replayed: null });
  });

  it('is answered 409 while the first is under way', async () => {
    const body = { url: 'https://five.example/' };
    const { first, second } = await whileLocked(api.database.pool, 'endpoints', async () => {
      const first = post('endpoints', { body, key: 'five' });
      await untilSomebodyWaits(api.database);
      return { first, second: await post('endpoints', { body, key: 'five' }) };
    });
    expect(second).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    expect((await first).status).toBe(201);
    expect(await endpointsAt(body.url)).toBe(1);
  });

  it('never creates a second one where the process ended before it noted the answer', async () => {
    const body = { url: 'https://six.example/' };
    await post('endpoints', { body, key: 'six' });
    await loseAnswer(api.database.pool, 'six');
    const again = await post('endpoints', { body, key: 'six' });
    expect(again).toMatchObject({ status: 409, body: { code: 'idempotency_outcome_unknown' } });
    expect(await endpointsAt(body.url)).toBe(1);
  });

  it('is forgotten after a day', async () => {
    const body = { url: 'https://seven.example/' };
    await post('endpoints', { body, key: 'seven' });
    await ageAnswer(api.database.pool, 'seven', 25);
    expect(await post('endpoints', { body, key: 'seven' })).toMatchObject({ status: 201, replayed: null });
    expect(await endpointsAt(body.url)).toBe(2);
  });

  it.each(['', 'with blank', 'x'.repeat(256), 'ü'.repeat(3)])('is refused where it is %j', async (key) => {
    const body = { url: 'https://eight.example/' };
    const answer = await fetch(`${api.url}/v1/endpoints`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${acmeKey}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': Buffer.from(key).toString('latin1'),
      },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(422);
    expect(await endpointsAt(body.url)).toBe(0);
  });

  it('shows nobody in Postgres what was answered', async () => {
    const { body } = await post('endpoints', { body: { url: 'https://nine.example/' }, key: 'nine' });
    const kept = await keptAnswer(api.database.pool, 'nine');
    expect(kept.includes(String(body.secret))).toBe(false);
  });
});

describe('a new endpoint', () => {
  it('comes with a warning where another of its customer has its URL', async () => {
    const body = { url: 'https://twin.example/' };
    const first = await post('endpoints', { body });
    expect(first.body.warnings).toEqual([]);
    const second = await post('endpoints', { body });
    expect(second.body.warnings).toEqual([expect.stringContaining(String(first.body.id))]);
  });
});

describe('every POST that answers 201', () => {
  it('takes the header', async () => {
    const document = JSON.parse(await readFile('clients/openapi.json', 'utf8'));
    const paths = document.paths as Record<string, Record<string, Operation>>;
    const deaf = Object.entries(paths).flatMap(([path, { post: operation }]) =>
      operation?.responses['201'] !== undefined && !takesKey(operation) && !BEGINS_ONCE.includes(path)
        ? [path]
        : [],
    );
    expect(deaf).toEqual([]);
  });
});

/** Signing in: a code works once by itself, and a cookie is replaced by the next. */
const BEGINS_ONCE = ['/v1/session', '/v1/session/exchange', '/v1/session/links'];

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly { readonly name: string }[];
}

function takesKey({ parameters = [] }: Operation): boolean {
  return parameters.some(({ name }) => name === 'Idempotency-Key');
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { answered, recordOf, request } from '../../support/storage/storage.ts';

const SECRET = 'mallory@example.com';
const TYPE = {
  name: 'user.joined',
  searchable: ['/user/email', 'plan'],
  sensitive: ['/user/email', '/cards/number'],
};
const DATA = { user: { email: SECRET, name: 'M' }, cards: [{ number: '4000111122223333' }], plan: 'free' };

let api: ApiUnderTest;
let acme: ApiCall;
let id: string;
let deliveryId: string;

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  await api.operator('POST', '/v1/event-types', TYPE);
  const create = async (body: object) =>
    await acme('POST', '/v1/endpoints', { url: 'https://example.com/hook', ...body });
  await create({});
  await create({ filter: { '/user/email': ['alice@*'] } });
  id = (await acme('POST', '/v1/events', { event: TYPE.name, data: DATA })).body.id;
  deliveryId = (await acme('GET', `/v1/deliveries?event_id=${id}`)).body.items[0]?.id ?? '';
});
afterAll(async () => await api.close());

/** The text of an answer, in which nothing sensitive stands. */
async function answerOf(path: string): Promise<string> {
  const { status, body } = await acme('GET', path);
  expect(status).toBe(200);
  const text = JSON.stringify(body);
  for (const hidden of [SECRET, '4000111122223333']) expect(text).not.toContain(hidden);
  return text;
}

describe('sensitive members', () => {
  it('are told of the type', async () => {
    expect((await acme('GET', `/v1/event-types/${TYPE.name}`)).body).toMatchObject(TYPE);
    expect((await acme('GET', '/v1/event-types/job.completed')).body).toMatchObject({ sensitive: [] });
  });

  it('go to receivers, and stand masked in the attempt', async () => {
    const claim = await new RunClaims(api.database, api.secretBox).claim(request(deliveryId));
    if (claim === null) throw new Error('nothing was claimed');
    expect(claim.dataText).toBe(JSON.stringify(DATA));
    const record = { ...recordOf(claim, { kind: 'delivered' }), requestUrl: claim.url };
    await new AttemptRecorder(api.database).record({ ...record, outcome: answered(200) });
    for (const path of [`/v1/deliveries/${deliveryId}`, `/v1/deliveries/${deliveryId}/attempts`])
      expect(await answerOf(path)).toContain('\\"email\\":\\"***\\",\\"name\\":\\"M\\"');
  });

  it('stand masked in events, alone and in lists, while the rest is as it was published', async () => {
    const masked = '"user":{"email":"***","name":"M"},"cards":[{"number":"***"}],"plan":"free"';
    expect(await answerOf(`/v1/events/${id}`)).toContain(masked);
    expect((await acme('GET', `/v1/events/${id}`)).body.sensitive).toEqual(TYPE.sensitive);
    expect(await answerOf('/v1/events?include=data')).toContain(masked);
  });

  it('are found by, and not told when an event is explained', async () => {
    expect(await answerOf(`/v1/events?data[/user/email]=${encodeURIComponent(SECRET)}`)).toContain(id);
    expect(await answerOf(`/v1/events/${id}/explain`)).toContain(
      'whose /user/email is alice@*; this one’s is sensitive and not shown.',
    );
  });

  it('stay hidden when the type is deleted, and are shown when it says so', async () => {
    await api.operator('DELETE', `/v1/event-types/${TYPE.name}`);
    await answerOf(`/v1/events/${id}`);
    await api.operator('POST', '/v1/event-types', { ...TYPE, sensitive: [] });
    expect(JSON.stringify((await acme('GET', `/v1/events/${id}`)).body)).toContain(SECRET);
    await api.operator('PATCH', `/v1/event-types/${TYPE.name}`, { sensitive: ['user'] });
    expect((await acme('GET', `/v1/events/${id}`)).body.data).toMatchObject({ user: '***', plan: 'free' });
  });

  it.each([
    ['sensitive', ['/a~b']],
    ['sensitive', Array.from({ length: 21 }, (_, n) => `m${n}`)],
  ])('are refused where they name nothing, or are too many: %s', async (member, value) => {
    const body = { name: 'other.type', [member]: value };
    expect((await api.operator('POST', '/v1/event-types', body)).status).toBe(422);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { type Receiver, startReceiver } from './receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

describe('startReceiver', () => {
  it('writes down exactly what came', async () => {
    const sent = Buffer.from([0x7b, 0x00, 0xff, 0x7d]);
    await request(`${receiver.url}/hook?a=1`, { method: 'POST', headers: { 'X-Team': 'data' }, body: sent });
    const [got] = await receiver.waitForCount(1);
    expect(got).toMatchObject({ method: 'POST', path: '/hook?a=1', headers: { 'x-team': 'data' } });
    expect(got?.body.equals(sent)).toBe(true);
  });

  it('answers as told, also by what came before', async () => {
    receiver.answerWith((_request, requests) => ({ status: requests.length === 1 ? 503 : 200, body: 'ok' }));
    expect((await request(receiver.url)).statusCode).toBe(503);
    expect((await request(receiver.url)).statusCode).toBe(200);
  });

  it('can reset the connection', async () => {
    receiver.answerWith({ instead: 'reset' });
    await expect(request(receiver.url)).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
    });
  });

  it('waits for a request that is still to come', async () => {
    const waiting = receiver.waitFor(({ path }) => path === '/second');
    await request(`${receiver.url}/first`);
    await request(`${receiver.url}/second`);
    expect((await waiting).path).toBe('/second');
  });

  it('says what has come when the wait is over', async () => {
    await expect(receiver.waitForCount(1, 10)).rejects.toThrow('0 requests have come in 10 ms');
  });
});

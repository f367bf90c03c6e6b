import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { expect, it } from '@jest/globals';
import { addressOf, startArrivalReceiver } from '../../../bench/load/arrivals.ts';
import type { Arrival } from '../../../bench/measure/ledger.ts';
import { eventually } from '../../support/eventually.ts';
import { certifyAddresses } from '../../support/receivers/certificates.ts';

const HOSTS = 3;

it('takes requests by TLS 1.3 at many addresses, and fails and hangs as is usual', async () => {
  const { authority, certificate } = await certifyAddresses(
    Array.from({ length: HOSTS }, (_, host) => addressOf(host)),
  );
  const arrivals: Arrival[] = [];
  const receiver = await startArrivalReceiver({
    hosts: HOSTS,
    certificate,
    usual: { refuseFirst: 0.5, hangFirst: 0.25 },
    delayMs: () => 1,
    onArrival: (jobId, arrival) => arrivals.push({ ...arrival, deliveryId: jobId }),
  });
  const agent = new Agent({ keepAlive: true, ca: authority, minVersion: 'TLSv1.3' });
  const post = async (endpoint: number, { attempt = 1 } = {}): Promise<number | undefined> => {
    const headers = { 'x-webhook-attempt': String(attempt) };
    const call = request(receiver.url(endpoint), { agent, method: 'POST', headers });
    const answered = once(call, 'response');
    call.end(JSON.stringify({ data: { job_id: `job-${endpoint}` } }));
    const [response] = await answered;
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  };
  try {
    expect([await post(0), await post(1), await post(2)]).toEqual([204, 503, 204]);
    const hanging = post(3);
    await eventually(() => arrivals.length === 4);
    expect(await post(4, { attempt: 2 })).toBe(204);
    receiver.release();
    expect(await hanging).toBe(204);
    expect(arrivals.map(({ deliveryId, accepted }) => [deliveryId, accepted])).toEqual([
      ['job-0', true],
      ['job-1', false],
      ['job-2', true],
      ['job-3', false],
      ['job-4', true],
    ]);
    expect(
      new Set(Array.from({ length: HOSTS + 1 }, (_, host) => new URL(receiver.url(host)).host)).size,
    ).toBe(HOSTS);
    expect(receiver.connections()).toEqual({ open: HOSTS, most: HOSTS, opened: HOSTS, resumed: 0 });
  } finally {
    agent.destroy();
    await receiver.close();
  }
});

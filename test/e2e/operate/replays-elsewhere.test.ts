import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const COUNT = 200;
const SLOW = 180_000;

/** The members of a replay that are looked at. */
interface ReplayView {
  readonly id: string;
  readonly status: string;
  readonly delivered: number;
  readonly passed_over: number;
  readonly finished_at: string | null;
}

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

function numbersAt(path: string): readonly number[] {
  return receiver.requests
    .filter((request) => request.path === path)
    .map(({ body }) => JSON.parse(body.toString()).data.number);
}

async function replay(method: string, path: string, body?: object): Promise<ReplayView> {
  const answer = await posthorn.call(method, `/v1/replays${path}`, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body as ReplayView;
}

describe('a replay to a new endpoint', () => {
  it(
    'sends delivered ones in the order of acceptance, and each once although it is cancelled half-way and goes on',
    async () => {
      const from = await posthorn.endpoint({ url: `${receiver.url}/old` });
      const all = Array.from({ length: COUNT }, (_, number) => number);
      const events = all.map((number) => ({
        event: 'job.completed',
        customer_id: from.customerId,
        data: { number },
      }));
      expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
      await eventually(() => numbersAt('/old').length === COUNT, { timeoutMs: SLOW });
      const settings = { customer_id: from.customerId, events: ['job.failed'], ordered: true };
      const to = await posthorn.endpoint({ url: `${receiver.url}/new`, ...settings });

      receiver.answerWith({ delayMs: 10 });
      const selection = { filter: { endpoint_id: from.id, status: ['delivered'] }, to_endpoint_id: to.id };
      const { id } = await replay('POST', '', selection);
      await eventually(() => numbersAt('/new').length >= COUNT / 2, { timeoutMs: SLOW });
      await replay('POST', `/${id}/cancel`);
      const read = async () => await replay('GET', `/${id}`);
      await eventually(async () => (await read()).finished_at !== null, { timeoutMs: SLOW });
      await eventually(async () => (await read()).delivered === numbersAt('/new').length);
      const sent = numbersAt('/new').length;
      expect(sent).toBeLessThan(COUNT);

      await replay('POST', `/${id}/continue`);
      await eventually(async () => (await read()).status === 'completed', { timeoutMs: SLOW });
      expect(await read()).toMatchObject({ delivered: COUNT, passed_over: 0 });
      expect(numbersAt('/new')).toEqual(all);
      expect(numbersAt('/old')).toHaveLength(COUNT);
    },
    SLOW,
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { BreakerStore } from '../../../src/storage/gates/breaker-store.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { queuedOf } from '../../support/rows/standing.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { recordOf, request } from '../../support/storage/storage.ts';

let api: ApiUnderTest;
let failing: string;
let well: string;
const JOB = { event: 'job.completed', customer_id: 'acme', data: {} };

beforeAll(async () => {
  api = await startApi();
  const create = async (events: readonly string[]) =>
    (await api.operator('POST', '/v1/endpoints', { url: 'https://example.com', customer_id: 'acme', events }))
      .body.id;
  failing = await create(['job.completed']);
  well = await create(['job.failed']);
  await attempt('job.completed', 200);
  await attempt('job.completed', 503);
  await attempt('job.failed', 200);
  await api.operator('POST', '/v1/events', JOB);
  await countAllOutcomes(api.database);
});
afterAll(async () => await api.close());

async function attempt(event: string, status: 200 | 503): Promise<void> {
  await api.operator('POST', '/v1/events', { ...JOB, event, data: JOB.data });
  const id = await queuedOf(api.database.pool, event);
  const claim = await new RunClaims(api.database, api.secretBox).claim(request(id));
  if (claim === null) throw new Error('nothing to claim');
  const verdict =
    status === 200 ? ({ kind: 'delivered' } as const) : ({ kind: 'retry', delayMs: 1 } as const);
  const record = recordOf(claim, verdict);
  await new AttemptRecorder(api.database).record(record);
  const { endpointId, trigger, breakerEpoch, isFailing } = claim;
  const { errorCode } = record.outcome;
  const result = { endpointId, trigger, breakerEpoch, isFailing, retryAfterMs: null, isExcused: false };
  await new BreakerStore(api.database).fold([{ ...result, errorCode }]);
}

describe('the health of an endpoint', () => {
  it('tells since when it fails, why, and what waits for it', async () => {
    const { body } = await api.operator('GET', `/v1/endpoints/${failing}`);
    expect(body).toMatchObject({
      status: 'enabled',
      breaker_state: 'closed',
      health: {
        last_success_at: expect.any(String),
        failing_since: expect.any(String),
        last_error_code: 'http_503',
        advice: adviceFor('http_503'),
        probe_at: null,
        held: 0,
        waiting: 2,
      },
    });
  });

  it('is shown in lists, which can be asked for those that fail', async () => {
    const list = async (query: string) => (await api.operator('GET', `/v1/endpoints?${query}`)).body.items;
    expect(await list('failing=true')).toMatchObject([{ id: failing, health: { waiting: 2 } }]);
    expect(await list('failing=false')).toMatchObject([
      { id: well, health: { failing_since: null, last_error_code: null, advice: null, waiting: 0 } },
    ]);
    expect((await api.operator('GET', '/v1/endpoints?failing=maybe')).status).toBe(422);
  });
});

import { describe, expect, it } from '@jest/globals';
import { EVENT_BYTES, eventBody } from '../../../bench/load/publisher.ts';

describe('eventBody', () => {
  it.each(['a', 'throughput-1-19999'])('is JSON with data of 1 KiB, for the job id %s', (jobId) => {
    const body = JSON.parse(eventBody({ jobId, endpoint: 7 }));
    expect(body).toMatchObject({ event: 'job.completed', customer_id: 'bench-7', data: { job_id: jobId } });
    expect(JSON.stringify(body.data)).toHaveLength(EVENT_BYTES);
  });

  it('goes to one endpoint of a customer that has several', () => {
    const [one, other] = [2, 7].map((endpoint) =>
      JSON.parse(eventBody({ jobId: 'a', endpoint }, { customers: 5 })),
    );
    expect(one.customer_id).toBe(other.customer_id);
    expect(one.event).not.toBe(other.event);
    expect(JSON.stringify(one.data)).toHaveLength(EVENT_BYTES);
  });

  it('has the size that is wanted, and types that customers share', () => {
    const options = { customers: 5, sharesTypes: true, eventBytes: 2_048 };
    const [one, other, next] = [5, 9, 10].map((endpoint) =>
      JSON.parse(eventBody({ jobId: 'a', endpoint }, options)),
    );
    expect([one, other, next].map((body) => body.event)).toEqual([
      'job.completed_1',
      'job.completed_1',
      'job.completed_2',
    ]);
    expect(one.customer_id).not.toBe(other.customer_id);
    expect(JSON.stringify(one.data)).toHaveLength(2_048);
  });
});

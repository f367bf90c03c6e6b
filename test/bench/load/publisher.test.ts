import { describe, expect, it } from '@jest/globals';
import { EVENT_BYTES, eventBody } from '../../../bench/load/publisher.ts';

describe('eventBody', () => {
  it.each(['a', 'throughput-1-19999'])('is JSON with data of 1 KiB, for the job id %s', (jobId) => {
    const body = JSON.parse(eventBody({ jobId, endpoint: 7 }));
    expect(body).toMatchObject({ event: 'job.completed', customer_id: 'bench-7', data: { job_id: jobId } });
    expect(JSON.stringify(body.data)).toHaveLength(EVENT_BYTES);
  });
});

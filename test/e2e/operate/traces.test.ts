import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import type { RunningProcess } from '../../support/processes/processes.ts';
import { type CollectedSpan, startCollector } from '../../support/receivers/collector.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PRODUCER_SPAN = '00f067aa0ba902b7';

let collector: Awaited<ReturnType<typeof startCollector>>;
let receiver: Receiver;
let posthorn: Posthorn;
let worker: RunningProcess;
let spans: readonly CollectedSpan[];

beforeAll(async () => {
  collector = await startCollector();
  receiver = await startReceiver((_, all) => ({ status: all.length === 1 ? 503 : 204 }));
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.receiver.url };
  posthorn = await startPosthorn({ environment });
  worker = await posthorn.startWorker();
  const retry = { strategy: 'fixed', initial_ms: 100, max_retries: 2, jitter: 0 };
  const endpoint = await posthorn.endpoint({ url: `${receiver.url}/hooks?token=hidden`, retry });
  const event = { event: 'job.completed', customer_id: endpoint.customerId, data: { job_id: 'j1' } };
  const traceparent = `00-${TRACE_ID}-${PRODUCER_SPAN}-01`;
  const { status, body } = await posthorn.call('POST', '/v1/events', event, { traceparent });
  expect(status).toBe(202);
  await posthorn.untilStatus((body as { readonly id: string }).id, 'delivered');
  for (const role of [worker, posthorn.api()]) {
    role.kill('SIGTERM');
    expect(await role.ended).toBe('code 0');
  }
  spans = collector.spans();
}, 120_000);
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
  await collector.receiver.close();
});

const named = (name: string) => spans.filter((span) => span.name === name);

describe('with a collector of traces', () => {
  it('the request that publishes is a part of its producer’s trace', () => {
    expect(named('POST /v1/events')).toEqual([
      expect.objectContaining({
        service: 'posthorn-api',
        traceId: TRACE_ID,
        parentSpanId: PRODUCER_SPAN,
        attributes: expect.objectContaining({ 'http.response.status_code': 202 }),
      }),
    ]);
  });

  it('each attempt has a trace of its own that links to that request, and a part for its recording', () => {
    const [accepted] = named('POST /v1/events');
    const attempts = named('POST');
    expect(attempts).toHaveLength(2);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ service: 'posthorn-worker', parentSpanId: null });
      expect(attempt.traceId).not.toBe(TRACE_ID);
      expect(attempt.links).toEqual([`${TRACE_ID}-${accepted?.spanId}`]);
      const parts = named('record').filter(({ parentSpanId }) => parentSpanId === attempt.spanId);
      expect(parts.map(({ traceId }) => traceId)).toEqual([attempt.traceId]);
    }
    const [failed, delivered] = attempts;
    expect(failed).toMatchObject({
      isFailed: true,
      attributes: { 'http.response.status_code': 503, 'error.type': 'http_503' },
    });
    expect(failed?.attributes).not.toHaveProperty(['http.request.resend_count']);
    expect(delivered).toMatchObject({
      isFailed: false,
      attributes: {
        'http.response.status_code': 204,
        'http.request.resend_count': 1,
        'server.address': '127.0.0.1',
        'server.port': receiver.port,
        'posthorn.event': 'job.completed',
      },
    });
  });

  it('nothing of a receiver’s path and query is told, and nothing of the event’s data', () => {
    expect(JSON.stringify(spans)).not.toMatch(/hidden|hooks|"j1"/);
  });

  it('log lines of attempts name the trace that the event came in', () => {
    expect(worker.output()).toContain(`"trace_id":"${TRACE_ID}"`);
  });
});

import { adviceFor } from '../../../domain/error-code.ts';
import type { OperationalEventData } from '../../../domain/operational-event.ts';

const JOB = {
  job_id: 'job_test',
  customer_id: 'acme',
  procedure_name: 'extract_orders',
  status: 'completed',
  rows_processed: 125_000,
  execution_time_seconds: 42.5,
};

const ENDPOINT = { endpoint_id: 'ep_test', customer_id: 'acme', url: 'https://example.com/hook' };

const OUTAGE = {
  ...ENDPOINT,
  host: 'example.com',
  failing_since: '2030-01-31T09:00:00Z',
  console_url: 'http://127.0.0.1:3400/ui/endpoints/ep_test',
};

const OPERATIONAL_SAMPLES: OperationalEventData = {
  'endpoint.failing': {
    ...OUTAGE,
    endpoints: 300,
    attempts: 1_200,
    failures: 1_180,
    last_error_code: 'http_503',
    advice: adviceFor('http_503'),
  },
  'endpoint.recovered': {
    ...OUTAGE,
    recovered_at: '2030-01-31T09:20:00Z',
  },
  'endpoint.opened': {
    ...ENDPOINT,
    opened_at: '2030-01-31T09:00:00Z',
    consecutive_failures: 10,
    last_error_code: 'http_503',
    probe_at: '2030-01-31T09:00:30Z',
  },
  'endpoint.closed': {
    ...ENDPOINT,
    opened_at: '2030-01-31T09:00:00Z',
    closed_at: '2030-01-31T09:00:30Z',
  },
  'endpoint.disabling': {
    ...ENDPOINT,
    failing_since: '2030-01-29T09:00:00Z',
    percent: 50,
    disables_at: '2030-02-03T09:00:00Z',
  },
  'endpoint.disabled': {
    ...ENDPOINT,
    reason: 'failing',
    disabled_at: '2030-02-03T09:00:00Z',
    failing_since: '2030-01-29T09:00:00Z',
  },
  'delivery.dead': {
    delivery_id: 'del_test',
    event_id: 'evt_test',
    event: 'job.completed',
    endpoint_id: 'ep_test',
    customer_id: 'acme',
    reason: 'retries_exhausted',
    attempts_made: 4,
    last_status_code: 503,
    last_error_code: 'http_503',
  },
};

const SAMPLES: Readonly<Record<string, object>> = {
  ...OPERATIONAL_SAMPLES,
  'job.completed': {
    ...JOB,
    file_size_bytes: 7_340_032,
    s3_url: 'https://example.com/results/job_test.parquet',
    expires_at: '2030-01-31T09:00:00Z',
    output_format: 'parquet',
    compression: 'snappy',
    metadata: { test: true },
  },
  'job.failed': {
    ...JOB,
    status: 'failed',
    error: {
      code: 'source_timeout',
      message: 'The source did not answer in time.',
      details: { table: 'orders' },
    },
  },
  'job.cancelled': { ...JOB, status: 'cancelled', reason: 'manual' },
  'job.progress': { ...JOB, status: 'running', progress_percent: 50 },
  'system.maintenance': {
    title: 'Planned maintenance',
    starts_at: '2030-01-31T09:00:00Z',
    ends_at: '2030-01-31T10:00:00Z',
    message: 'No jobs run during this hour.',
  },
  'api.rate_limit': {
    customer_id: 'acme',
    limit: 1_000,
    used: 800,
    threshold_percent: 80,
    window_seconds: 60,
    resets_at: '2030-01-31T09:00:00Z',
  },
};

/** Data that a test of an endpoint sends where none is given; empty for registered types. */
export function sampleDataFor(event: string): object {
  return SAMPLES[event] ?? {};
}

import { Counter, Histogram } from 'prom-client';
import { SERVER_SECONDS } from './buckets.ts';
import { OF_POSTHORN } from './registry.ts';

export const requestDuration = new Histogram({
  name: 'http_server_request_duration_seconds',
  help:
    'Requests to the API from their first byte to the end of the ' +
    'answer, by route; `unmatched` where there is none.',
  labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
  buckets: SERVER_SECONDS,
  ...OF_POSTHORN,
});

export const authFailures = new Counter({
  name: 'posthorn_auth_failures_total',
  help: 'Requests whose key was refused, by the code of the answer.',
  labelNames: ['code'] as const,
  ...OF_POSTHORN,
});

export const rateLimited = new Counter({
  name: 'posthorn_rate_limited_total',
  help: 'Requests that were answered with 429, by the code of the answer.',
  labelNames: ['code'] as const,
  ...OF_POSTHORN,
});

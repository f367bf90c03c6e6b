import type { ApiKeyScope } from '../../src/domain/api-key.ts';
import { newId } from '../../src/new-id.ts';

/** Ids of things that belong to `acme`. */
export interface AcmeThings {
  readonly event: string;
  readonly endpoint: string;
  readonly delivery: string;
  readonly key: string;
  readonly replay: string;
  /** `acme` itself. */
  readonly customer: string;
}

/** What a route asks of a key, and how another customer could try to reach into `acme` through it. */
export interface Access {
  readonly scope: ApiKeyScope;
  /** Whose id stands in the path, if any; `name` is that of an event type or echo receiver. */
  readonly id?: keyof AcmeThings | 'name';
  readonly body?: object;
  /**
   * What another customer's key, as powerful as a customer's can be, is answered: `foreign` 404, `named` 403 because
   * the request names `acme`, `operator` 403 because only the operator may; `nothing` where nothing of a customer is in
   * reach.
   */
  readonly others: 'foreign' | 'named' | 'operator' | 'nothing';
}

const data = { job_id: 'job_1' };
const event = { event: 'job.completed', customer_id: 'acme', data };

/** Needs no key. */
export const PUBLIC_ROUTES: readonly string[] = [
  'GET /v1/health/live',
  'GET /v1/health/ready',
  'POST /v1/echo/:name',
  'OPTIONS /v1/temporal/codec/decode',
  'OPTIONS /v1/temporal/codec/encode',
  'POST /v1/session/exchange',
  'GET /ui',
  'GET /ui/*',
  'GET /ui/assets/:name',
  'GET /portal',
  'GET /portal/*',
  'GET /docs',
  'GET /docs-json',
  'GET /docs/problems',
  'GET /docs/problems/:code',
  'GET /docs/page.css',
  'GET /docs/start.js',
  'GET /docs/swagger-ui.css',
  'GET /docs/swagger-ui-bundle.js',
  'GET /docs/favicon-32x32.png',
];

const OF_AN_ENDPOINT: Access = { scope: 'manage_endpoints', id: 'endpoint', others: 'foreign' };

/** Every other route. A new one must be entered here. */
export const ACCESS_MATRIX: Readonly<Record<string, Access>> = {
  'POST /v1/events': { scope: 'publish', body: event, others: 'named' },
  'POST /v1/events/batch': { scope: 'publish', body: { events: [event] }, others: 'named' },
  'GET /v1/events': { scope: 'view', others: 'named' },
  'GET /v1/events/:id': { scope: 'view', id: 'event', others: 'foreign' },
  'GET /v1/events/:id/explain': { scope: 'view', id: 'event', others: 'foreign' },
  'POST /v1/events/:id/cancel': { scope: 'publish', id: 'event', others: 'foreign' },
  'POST /v1/events/:id/send': {
    scope: 'retry',
    id: 'event',
    body: { endpoint_id: newId('ep') },
    others: 'foreign',
  },
  'DELETE /v1/events/:id/data': { scope: 'operate', id: 'event', others: 'operator' },
  'POST /v1/imports': { scope: 'operate', body: {}, others: 'operator' },
  'GET /v1/customers': { scope: 'view', others: 'nothing' },
  'GET /v1/customers/:id': { scope: 'view', id: 'customer', others: 'foreign' },
  'PUT /v1/customers/:id': { scope: 'operate', id: 'customer', body: {}, others: 'operator' },
  'DELETE /v1/customers/:id': { scope: 'operate', id: 'customer', others: 'operator' },
  'GET /v1/event-types': { scope: 'view', others: 'nothing' },
  'GET /v1/event-types/:name': { scope: 'view', id: 'name', others: 'nothing' },
  'POST /v1/event-types': {
    scope: 'operate',
    body: { name: 'never.registered', description: '' },
    others: 'operator',
  },
  'PATCH /v1/event-types/:name': { scope: 'operate', id: 'name', body: {}, others: 'operator' },
  'DELETE /v1/event-types/:name': { scope: 'operate', id: 'name', others: 'operator' },
  'POST /v1/endpoints': {
    scope: 'manage_endpoints',
    body: { url: 'https://receiver.example/', customer_id: 'acme' },
    others: 'named',
  },
  'GET /v1/endpoints': { scope: 'view', others: 'named' },
  'GET /v1/endpoints/:id': { ...OF_AN_ENDPOINT, scope: 'view' },
  'PATCH /v1/endpoints/:id': { ...OF_AN_ENDPOINT, body: { description: 'changed' } },
  'DELETE /v1/endpoints/:id': OF_AN_ENDPOINT,
  'POST /v1/endpoints/:id/enable': OF_AN_ENDPOINT,
  'POST /v1/endpoints/:id/disable': OF_AN_ENDPOINT,
  'POST /v1/endpoints/:id/test': { ...OF_AN_ENDPOINT, scope: 'test' },
  'POST /v1/endpoints/:id/verify': OF_AN_ENDPOINT,
  'GET /v1/endpoints/:id/verification': { ...OF_AN_ENDPOINT, scope: 'view' },
  'GET /v1/endpoints/:id/stats': { ...OF_AN_ENDPOINT, scope: 'view' },
  'POST /v1/endpoints/:id/pause': OF_AN_ENDPOINT,
  'POST /v1/endpoints/:id/resume': OF_AN_ENDPOINT,
  'POST /v1/endpoints/:id/recover': { ...OF_AN_ENDPOINT, scope: 'retry' },
  'POST /v1/endpoints/:id/secret/rotate': { ...OF_AN_ENDPOINT, scope: 'secrets' },
  'POST /v1/endpoints/:id/secret/promote': { ...OF_AN_ENDPOINT, scope: 'secrets' },
  'POST /v1/endpoints/:id/secret/revoke': { ...OF_AN_ENDPOINT, scope: 'secrets' },
  'GET /v1/endpoints/:id/secret': { ...OF_AN_ENDPOINT, scope: 'secrets' },
  'PUT /v1/listeners/:name': {
    scope: 'manage_endpoints',
    id: 'name',
    body: { customer_id: 'acme' },
    others: 'named',
  },
  'GET /v1/listeners/:id/stream': OF_AN_ENDPOINT,
  'POST /v1/listeners/:id/answers': {
    ...OF_AN_ENDPOINT,
    body: { id: 'x', status_code: 200, headers: [], body_base64: '', duration_ms: 1 },
  },
  'POST /v1/customers/:id/pause': { scope: 'manage_endpoints', id: 'customer', others: 'foreign' },
  'POST /v1/customers/:id/resume': { scope: 'manage_endpoints', id: 'customer', others: 'foreign' },
  'PUT /v1/customers/:customer_id/endpoints/:uid': {
    scope: 'manage_endpoints',
    id: 'customer',
    body: { url: 'https://receiver.example/' },
    others: 'foreign',
  },
  'GET /v1/deliveries': { scope: 'view', others: 'named' },
  'GET /v1/deliveries/count': { scope: 'view', others: 'named' },
  'GET /v1/deliveries/stream': { scope: 'view', others: 'named' },
  'GET /v1/deliveries/:id': { scope: 'view', id: 'delivery', others: 'foreign' },
  'GET /v1/deliveries/:id/attempts': { scope: 'view', id: 'delivery', others: 'foreign' },
  'GET /v1/deliveries/:id/attempts/:number': { scope: 'view', id: 'delivery', others: 'foreign' },
  'POST /v1/deliveries/:id/retry': { scope: 'retry', id: 'delivery', others: 'foreign' },
  'GET /v1/deliveries/:id/signed-request': { scope: 'secrets', id: 'delivery', others: 'foreign' },
  'POST /v1/deliveries/:id/cancel': { scope: 'retry', id: 'delivery', others: 'foreign' },
  'GET /v1/dead-letters': { scope: 'view', others: 'named' },
  'POST /v1/dead-letters/retry': {
    scope: 'retry',
    body: { filter: { customer_id: 'acme' } },
    others: 'named',
  },
  'POST /v1/dead-letters/discard': {
    scope: 'retry',
    body: { filter: { customer_id: 'acme' } },
    others: 'named',
  },
  'GET /v1/replays': { scope: 'view', others: 'named' },
  'GET /v1/replays/:id': { scope: 'view', id: 'replay', others: 'foreign' },
  'POST /v1/replays': { scope: 'retry', body: { filter: { customer_id: 'acme' } }, others: 'named' },
  'POST /v1/replays/:id/cancel': { scope: 'retry', id: 'replay', others: 'foreign' },
  'POST /v1/replays/:id/continue': { scope: 'retry', id: 'replay', others: 'foreign' },
  'GET /v1/stats': { scope: 'view', others: 'named' },
  'GET /v1/stats/now': { scope: 'view', others: 'named' },
  'GET /v1/stats/series': { scope: 'view', others: 'named' },
  'GET /v1/stats/top': { scope: 'view', others: 'named' },
  'POST /v1/api-keys': { scope: 'operate', body: { customer_id: 'acme' }, others: 'operator' },
  'GET /v1/api-keys': { scope: 'operate', others: 'operator' },
  'GET /v1/api-keys/:id': { scope: 'operate', id: 'key', others: 'operator' },
  'POST /v1/api-keys/:id/rotate': { scope: 'operate', id: 'key', body: {}, others: 'operator' },
  'DELETE /v1/api-keys/:id': { scope: 'operate', id: 'key', others: 'operator' },
  'POST /v1/session': { scope: 'view', others: 'nothing' },
  'POST /v1/session/links': { scope: 'view', others: 'nothing' },
  'GET /v1/session': { scope: 'view', others: 'nothing' },
  'DELETE /v1/session': { scope: 'view', others: 'nothing' },
  'GET /v1/sessions': { scope: 'operate', others: 'operator' },
  'DELETE /v1/sessions/:id': { scope: 'operate', id: 'key', others: 'operator' },
  'POST /v1/portal-sessions': { scope: 'operate', body: { customer_id: 'acme' }, others: 'operator' },
  'GET /v1/portal-sessions': { scope: 'operate', others: 'operator' },
  'DELETE /v1/portal-sessions/:id': { scope: 'operate', id: 'key', others: 'operator' },
  'GET /v1/audit': { scope: 'view', others: 'named' },
  'GET /v1/destination-rules': { scope: 'operate', others: 'operator' },
  'PUT /v1/destination-rules': { scope: 'operate', body: {}, others: 'operator' },
  'GET /v1/master-key': { scope: 'operate', others: 'operator' },
  'POST /v1/master-key/rotate': { scope: 'operate', body: {}, others: 'operator' },
  'GET /v1/version': { scope: 'view', others: 'nothing' },
  'GET /v1/egress': { scope: 'view', others: 'nothing' },
  'POST /v1/tools/sign': { scope: 'view', body: {}, others: 'nothing' },
  'POST /v1/tools/verify': { scope: 'view', body: {}, others: 'nothing' },
  'POST /v1/temporal/codec/decode': { scope: 'operate', body: { payloads: [] }, others: 'operator' },
  'POST /v1/temporal/codec/encode': { scope: 'operate', body: { payloads: [] }, others: 'operator' },
  'GET /v1/echo/:name': { scope: 'view', id: 'name', others: 'nothing' },
  'DELETE /v1/echo/:name': { scope: 'operate', id: 'name', others: 'operator' },
};

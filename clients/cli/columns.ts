import type { components } from '../typescript/schema.ts';
import type { Column } from './output/output.ts';

type Schemas = components['schemas'];

/** Events as lists show them. */
export const EVENT_COLUMNS: readonly Column<Schemas['Event']>[] = [
  ['id', (one) => one.id],
  ['event', (one) => one.event],
  ['customer', (one) => one.customer_id ?? (one.customer_id === null ? '(all)' : null)],
  ['deliveries', (one) => one.deliveries],
  ['accepted', (one) => one.created_at],
  ['deliver at', (one) => one.deliver_at],
];

/** Deliveries as lists show them. */
export const DELIVERY_COLUMNS: readonly Column<Schemas['Delivery']>[] = [
  ['id', (one) => one.id],
  ['event', (one) => one.event],
  ['customer', (one) => one.customer_id ?? '(operator)'],
  ['endpoint', (one) => one.endpoint_id],
  ['status', (one) => one.status],
  ['attempts', (one) => one.attempts_made],
  ['last code', (one) => one.last_error_code ?? one.last_status_code],
  ['created', (one) => one.created_at],
];

/** Dead letters as lists show them. */
export const DEAD_LETTER_COLUMNS: readonly Column<Schemas['DeadLetter']>[] = [
  ['id', (one) => one.id],
  ['event', (one) => one.event],
  ['customer', (one) => one.customer_id ?? '(operator)'],
  ['endpoint', (one) => one.endpoint_id],
  ['reason', (one) => one.reason],
  ['last code', (one) => one.last_error_code ?? one.last_status_code],
  ['ended', (one) => one.finished_at],
];

/** Endpoints as lists show them. */
export const ENDPOINT_COLUMNS: readonly Column<Schemas['Endpoint']>[] = [
  ['id', (one) => one.id],
  ['customer', (one) => one.customer_id ?? '(operator)'],
  ['url', (one) => one.url],
  ['events', (one) => one.events.join(',')],
  ['status', (one) => one.status],
  ['breaker', (one) => one.breaker_state],
];

/** Replays as lists show them. */
export const REPLAY_COLUMNS: readonly Column<Schemas['Replay']>[] = [
  ['id', (one) => one.id],
  ['kind', (one) => one.kind],
  ['status', (one) => one.status],
  ['total', (one) => one.total],
  ['delivered', (one) => one.delivered],
  ['dead', (one) => one.dead],
  ['left', (one) => one.remaining],
  ['created', (one) => one.created_at],
];

/** Event types as lists show them. */
export const EVENT_TYPE_COLUMNS: readonly Column<Schemas['EventType']>[] = [
  ['name', (one) => one.name],
  ['description', (one) => one.description],
  ['built in', (one) => (one.built_in ? 'yes' : 'no')],
  ['broadcast', (one) => (one.broadcast ? 'yes' : 'no')],
  ['opt in', (one) => (one.opt_in ? 'yes' : 'no')],
];

/** API keys as lists show them. */
export const KEY_COLUMNS: readonly Column<Schemas['ApiKey']>[] = [
  ['id', (one) => one.id],
  ['customer', (one) => one.customer_id ?? '(operator)'],
  ['name', (one) => one.name || null],
  ['scopes', (one) => one.scopes.join(',')],
  ['from', (one) => one.allowed_cidrs.join(',') || 'anywhere'],
  ['expires', (one) => one.expires_at ?? 'never'],
  ['last used', (one) => one.last_used_at ?? 'never'],
  ['state', (one) => (one.revoked_at === null ? 'live' : 'revoked')],
];

/** Customers as lists show them. */
export const CUSTOMER_COLUMNS: readonly Column<Schemas['Customer']>[] = [
  ['id', (one) => one.id],
  ['name', (one) => one.name || null],
  ['created', (one) => one.created_at],
  ['erased since', (one) => one.erasing_since],
];

/** Portal links as lists show them. */
export const PORTAL_LINK_COLUMNS: readonly Column<Schemas['PortalSession']>[] = [
  ['id', (one) => one.id],
  ['customer', (one) => one.customer_id],
  ['allows', (one) => one.capabilities.join(',')],
  ['opened', (one) => (one.has_begun ? 'yes' : 'no')],
  ['last used', (one) => one.last_used_at ?? 'never'],
  ['expires', (one) => one.expires_at],
  ['state', (one) => (one.revoked_at === null ? 'live' : 'revoked')],
];

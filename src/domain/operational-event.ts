import type { DeadReason } from './delivery.ts';
import type { ErrorCode } from './error-code.ts';
import type { EventType } from './event-type.ts';

/** What every event about an endpoint tells; times are RFC 3339. */
interface EndpointFacts {
  readonly endpoint_id: string;
  readonly customer_id: string | null;
  readonly url: string;
}

/** What every event about a host tells; the endpoint is the one that failed most. */
interface OutageFacts extends EndpointFacts {
  /** With its port where that is not the usual one. */
  readonly host: string;
  readonly failing_since: string;
  /** The page of the console to look at. */
  readonly console_url: string;
}

/** The `data` of each operational event, by its type. */
export interface OperationalEventData {
  readonly 'endpoint.failing': OutageFacts & {
    /** How many endpoints of the host fail. */
    readonly endpoints: number;
    /** Over the last minutes. */
    readonly attempts: number;
    readonly failures: number;
    readonly last_error_code: ErrorCode | null;
    readonly advice: string | null;
  };
  readonly 'endpoint.recovered': OutageFacts & {
    readonly recovered_at: string;
  };
  readonly 'endpoint.disabling': EndpointFacts & {
    readonly failing_since: string;
    /** Percent of the time after which the endpoint is disabled. */
    readonly percent: 50 | 70 | 90;
    readonly disables_at: string;
  };
  readonly 'endpoint.opened': EndpointFacts & {
    readonly opened_at: string;
    readonly consecutive_failures: number;
    readonly last_error_code: ErrorCode | null;
    readonly probe_at: string;
  };
  readonly 'endpoint.closed': EndpointFacts & {
    readonly opened_at: string;
    readonly closed_at: string;
  };
  readonly 'endpoint.disabled': EndpointFacts & {
    readonly reason: EndpointDisabledReason;
    readonly disabled_at: string;
    /** The first failure of the run that led here; null where nothing failed before. */
    readonly failing_since: string | null;
  };
  readonly 'delivery.dead': {
    readonly delivery_id: string;
    readonly event_id: string;
    readonly event: string;
    readonly endpoint_id: string;
    readonly customer_id: string | null;
    readonly reason: DeadReason;
    readonly attempts_made: number;
    readonly last_status_code: number | null;
    readonly last_error_code: ErrorCode | null;
  };
}

export type OperationalEventName = keyof OperationalEventData;

/** Why an endpoint was disabled: by a person, by its own 410, or after failing for five days. */
export const ENDPOINT_DISABLED_REASONS = ['by_hand', 'gone', 'failing'] as const;
export type EndpointDisabledReason = (typeof ENDPOINT_DISABLED_REASONS)[number];

/** What Posthorn tells of itself. */
export const OPERATIONAL_EVENT_NAMES = [
  'endpoint.failing',
  'endpoint.recovered',
  'endpoint.opened',
  'endpoint.closed',
  'endpoint.disabling',
  'endpoint.disabled',
  'delivery.dead',
] as const satisfies readonly OperationalEventName[];

/** Whether a name is that of an operational event. */
export function isOperationalEvent(name: string): name is OperationalEventName {
  return OPERATIONAL_EVENT_TYPES.some((type) => type.name === name);
}

/**
 * Whether a dead delivery is announced. Those of operational events are not: two broken operator endpoints would
 * announce each other's failures for ever.
 */
export function isDeathAnnounced(event: string): boolean {
  return !isOperationalEvent(event);
}

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };
const endpoint = { endpoint_id: text, customer_id: textOrNull, url: text };
const outage = { ...endpoint, host: text, failing_since: time, console_url: text };

/** What Posthorn itself tells the operator's endpoints that subscribe to it, in the form of the catalogue. */
export const OPERATIONAL_EVENT_TYPES: readonly (EventType & { readonly name: OperationalEventName })[] = [
  operational(
    'endpoint.failing',
    'Endpoints of a host fail; told once an outage, for all of them together.',
    {
      ...outage,
      endpoints: count,
      attempts: count,
      failures: count,
      last_error_code: textOrNull,
      advice: textOrNull,
    },
  ),
  operational('endpoint.recovered', 'The outage of a host that was told of is over.', {
    ...outage,
    recovered_at: time,
  }),
  operational('endpoint.opened', 'An endpoint’s circuit breaker opened; its deliveries are held.', {
    ...endpoint,
    opened_at: time,
    consecutive_failures: count,
    last_error_code: textOrNull,
    probe_at: time,
  }),
  operational('endpoint.closed', 'The circuit breaker closed again; what was held is being delivered.', {
    ...endpoint,
    opened_at: time,
    closed_at: time,
  }),
  operational('endpoint.disabling', 'An endpoint keeps failing; says when it will be disabled.', {
    ...endpoint,
    failing_since: time,
    percent: { enum: [50, 70, 90] },
    disables_at: time,
  }),
  operational(
    'endpoint.disabled',
    'An endpoint was disabled: by hand, by its 410, or after failing for long.',
    {
      ...endpoint,
      reason: { enum: ENDPOINT_DISABLED_REASONS },
      disabled_at: time,
      failing_since: { ...time, type: ['string', 'null'] },
    },
  ),
  operational('delivery.dead', 'A delivery ended undelivered.', {
    delivery_id: text,
    event_id: text,
    event: text,
    endpoint_id: text,
    customer_id: textOrNull,
    reason: text,
    attempts_made: count,
    last_status_code: { type: ['integer', 'null'] },
    last_error_code: textOrNull,
  }),
];

function operational<Name extends OperationalEventName>(
  name: Name,
  description: string,
  properties: Readonly<Record<keyof OperationalEventData[Name], object>>,
): EventType & { readonly name: Name } {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  return {
    name,
    description,
    schema,
    broadcast: false,
    optIn: false,
    builtIn: true,
    searchable: [],
    sensitive: [],
    searchableSince: null,
  };
}

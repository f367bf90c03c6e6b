import type { BreakerState } from '../../domain/breaker.ts';
import type { EndpointStatus } from '../../domain/endpoint.ts';
import type { Condition } from '../postgres/conditions.ts';

/**
 * Which endpoints to list. `eventEntries` selects those whose `events` contain any of these entries; absent members do
 * not restrict.
 */
export interface EndpointFilter {
  readonly customerId?: string;
  readonly uid?: string;
  readonly status?: EndpointStatus;
  readonly breakerState?: BreakerState;
  /** Whether its last attempt failed, or its breaker is not closed. */
  readonly isFailing?: boolean;
  readonly eventEntries?: readonly string[];
  readonly urlContains?: string;
}

/** What a filter asks of a row of `endpoints`. */
export function conditionsOf(filter: EndpointFilter): readonly Condition[] {
  const { breakerState } = filter;
  return [
    'deleted_at IS NULL',
    ['customer_id = $', filter.customerId],
    ['uid = $', filter.uid],
    ['status = $', filter.status],
    ...(breakerState === undefined ? [] : [isInState(breakerState)]),
    ...(filter.isFailing === undefined ? [] : [isFailing(filter.isFailing)]),
    ['events && $', filter.eventEntries],
    ['strpos(url, $) > 0', filter.urlContains],
  ];
}

/** Few breakers are not closed, and an index has them. */
function isInState(state: BreakerState): Condition {
  const others = "SELECT endpoint_id FROM endpoint_health WHERE state <> 'closed'";
  return state === 'closed' ? `id NOT IN (${others})` : [`id IN (${others} AND state = $)`, state];
}

/** SQL: whether the health `h` is that of an endpoint which fails now. */
export const FAILS = "(h.state <> 'closed' OR h.breaker ->> 'failingSince' IS NOT NULL)";

/** Those that failed lately have rows, few beside the others. */
function isFailing(wanted: boolean): Condition {
  return `id ${wanted ? 'IN' : 'NOT IN'} (SELECT h.endpoint_id FROM endpoint_health h WHERE ${FAILS})`;
}

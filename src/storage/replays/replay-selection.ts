import type { DeliveryStatus } from '../../domain/delivery.ts';
import { OPERATIONAL_EVENT_NAMES } from '../../domain/operational-event.ts';
import { type ReplayKind, selectedStatuses } from '../../domain/replay.ts';
import { isStatusIndexed, narrow } from '../history/narrowing.ts';
import { isOfEventWith } from '../history/search-keys.ts';
import { OF_EVENT } from '../open/of-event.ts';
import type { LookedAt } from '../postgres/bounded-look.ts';
import { allOf, type Condition, type SqlCondition } from '../postgres/conditions.ts';
import type { Reads } from '../postgres/read-pool.ts';

/**
 * A filter over ended deliveries; members that are absent do not restrict. Times are of creation: `after` included,
 * `before` not.
 */
export interface SelectionFilter {
  readonly ids?: readonly string[];
  readonly customerId?: string | null;
  readonly endpointId?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly errorCode?: string;
  readonly reason?: string;
  readonly after?: Date | string;
  readonly before?: Date | string;
  /** Ended at this time or later. */
  readonly endedAfter?: Date | string;
  /** Of events that are found by all of these, in hex, see `SearchKeys`. */
  readonly searchKeys?: readonly string[];
  /** Of a replay of `deliveries`; all that it may select where absent. */
  readonly statuses?: readonly DeliveryStatus[];
}

/** Where a replay sends everything: an endpoint, and whose it is. */
export interface ReplayTarget {
  readonly endpointId: string;
  readonly customerId: string | null;
}

/** Which deliveries a replay is about, and what it makes of them. */
export interface ReplaySelection {
  readonly kind: ReplayKind;
  readonly filter: SelectionFilter;
  /** Each goes to its own endpoint where absent. */
  readonly target?: ReplayTarget | undefined;
  /** Whether new deliveries are made; always so where there is a target. */
  readonly isNewDelivery?: boolean | undefined;
}

/** Whether a replay makes deliveries of its own, instead of sending the selected ones once more. */
export function makesNew({ target, isNewDelivery = false }: ReplaySelection): boolean {
  return isNewDelivery || target !== undefined;
}

/** SQL: which deliveries `d` a selection means; its parameters begin with this number. */
export function selectionCondition(selection: ReplaySelection, firstParameter: number): SqlCondition {
  return allOf([...indexedConditions(selection), ...askedConditions(selection)], firstParameter);
}

/** What an index of the deliveries `d` answers. */
export function indexedConditions({ kind, filter }: ReplaySelection): readonly Condition[] {
  const statuses = selectedStatuses(kind, filter.statuses);
  return [
    ['d.id = ANY($)', filter.ids],
    ['d.customer_id = $', filter.customerId ?? undefined],
    ['d.endpoint_id = $', filter.endpointId],
    [OF_EVENT, filter.eventId],
    ...isOfEventWith(keysOf(filter)),
    ...statusesOf(isStatusIndexed(statuses, filter.endpointId) ? statuses : null),
  ];
}

/** The same for a look at some rows only. */
export async function narrowSelection(reads: Reads, selection: ReplaySelection): Promise<LookedAt> {
  const { kind, filter } = selection;
  const { ids, endpointId, eventId } = filter;
  const { indexed, asked } = await narrow(reads, {
    ids,
    endpointId,
    eventId,
    customerId: filter.customerId ?? undefined,
    statuses: selectedStatuses(kind, filter.statuses),
    after: timeOf(filter.after),
    before: timeOf(filter.before),
    searchKeys: keysOf(filter),
  });
  return { indexed, asked: [...asked, ...askedConditions(selection)] };
}

function keysOf({ searchKeys = [] }: SelectionFilter): readonly Buffer[] {
  return searchKeys.map((key) => Buffer.from(key, 'hex'));
}

function timeOf(time: Date | string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

/** What each delivery `d` that is looked at is asked. */
export function askedConditions({ kind, filter, target }: ReplaySelection): readonly Condition[] {
  return [
    ...statusesOf(selectedStatuses(kind, filter.statuses)),
    'NOT d.is_test',
    ['d.event = $', filter.event],
    ['d.last_error_code = $', filter.errorCode],
    ['d.dead_reason = $', filter.reason],
    ['d.created_at >= $', filter.after],
    ['d.created_at < $', filter.before],
    ['d.finished_at >= $', filter.endedAfter],
    'NOT EXISTS (SELECT FROM events ev WHERE ev.id = d.event_id AND ev.erased_at IS NOT NULL)',
    ...(target === undefined ? [] : reachable(target)),
  ];
}

/** Spelled out, so that the partial indexes of the rare ones serve. */
function statusesOf(statuses: readonly DeliveryStatus[] | null): readonly Condition[] {
  if (statuses === null) return [];
  return [`d.status IN (${statuses.map((status) => `'${status}'`).join(', ')})`];
}

/** As `mayReach` has it. */
function reachable({ customerId }: ReplayTarget): readonly Condition[] {
  if (customerId === null) return ['EXISTS (SELECT FROM events ev WHERE ev.id = d.event_id)'];
  const names = OPERATIONAL_EVENT_NAMES.map((name) => `'${name}'`).join(', ');
  return [
    `d.event NOT IN (${names})`,
    [
      `EXISTS (SELECT FROM events ev WHERE ev.id = d.event_id AND (ev.customer_id IS NULL OR ev.customer_id = $))`,
      customerId,
    ],
  ];
}

import { type ReplayKind, SELECTED_STATUS } from '../../domain/replay.ts';
import { OF_EVENT } from '../open/of-event.ts';
import { allOf, type Condition, type SqlCondition } from '../postgres/conditions.ts';

/** A filter over dead letters; members that are absent do not restrict. */
export interface DeadLetterFilter {
  readonly ids?: readonly string[];
  readonly customerId?: string | null;
  readonly endpointId?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly errorCode?: string;
  readonly reason?: string;
  readonly after?: Date;
  readonly before?: Date;
}

/** What one endpoint missed while it was disabled, by when the deliveries were created: `after` included, `before` not. */
export interface MissedFilter {
  readonly endpointId: string;
  readonly after?: Date;
  readonly before?: Date;
}

/** Which deliveries a replay is about. */
export type ReplaySelection =
  | { readonly kind: 'dead_letters'; readonly filter: DeadLetterFilter }
  | { readonly kind: 'missed'; readonly filter: MissedFilter };

/** SQL: which deliveries `d` a selection means; its parameters begin with this number. */
export function selectionCondition(
  { kind, filter }: { readonly kind: ReplayKind; readonly filter: DeadLetterFilter },
  firstParameter: number,
): SqlCondition {
  const conditions: readonly Condition[] = [
    `d.status = '${SELECTED_STATUS[kind]}'`,
    'NOT d.is_test',
    ['d.id = ANY($)', filter.ids],
    ['d.customer_id = $', filter.customerId ?? undefined],
    ['d.endpoint_id = $', filter.endpointId],
    ['d.event = $', filter.event],
    [OF_EVENT, filter.eventId],
    ['d.last_error_code = $', filter.errorCode],
    ['d.dead_reason = $', filter.reason],
    ['d.created_at >= $', filter.after],
    ['d.created_at < $', filter.before],
  ];
  return allOf(conditions, firstParameter);
}

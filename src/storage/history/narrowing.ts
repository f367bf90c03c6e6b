import { type DeliveryStatus, OPEN_STATUSES } from '../../domain/delivery.ts';
import { idAfter, idBefore } from '../../new-id.ts';
import { OF_EVENT } from '../open/of-event.ts';
import type { LookedAt } from '../postgres/bounded-look.ts';
import type { Condition } from '../postgres/conditions.ts';
import type { Reads } from '../postgres/read-pool.ts';
import { fewDeliveriesWith, hasKey } from './search-keys.ts';

/** What deliveries may be found by through an index; absent members do not restrict. Times are of creation. */
export interface Narrowing {
  readonly ids?: readonly string[] | undefined;
  readonly customerId?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly statuses?: readonly DeliveryStatus[] | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  /** Of events that are found by all of these. */
  readonly searchKeys?: readonly Buffer[] | undefined;
}

/**
 * What one index answers by itself, and what each row is asked: a look at some rows reads no more than those, whatever
 * restrictions come together.
 */
export async function narrow(reads: Reads, narrowing: Narrowing): Promise<LookedAt> {
  const { ids, eventId, searchKeys = [] } = narrowing;
  if (ids !== undefined) return only(['d.id = ANY($)', ids], narrowing);
  if (eventId !== undefined) return only([OF_EVENT, eventId], { ...narrowing, eventId: undefined });
  const few = await fewDeliveriesWith(reads, searchKeys);
  if (few === null) return ofAllInOrder(narrowing);
  return only(['d.id = ANY($)', few.ids], { ...narrowing, searchKeys: few.otherKeys });
}

/** Whether deliveries in these states have an index of their own, where those of one endpoint are looked at or of all. */
export function isStatusIndexed(
  statuses: readonly DeliveryStatus[],
  endpointId: string | undefined,
): boolean {
  if (statuses.every((status) => OPEN.has(status))) return true;
  const [status, ...others] = statuses;
  return others.length === 0 && (status === 'dead' || (status === 'skipped' && endpointId !== undefined));
}

const OPEN: ReadonlySet<DeliveryStatus> = new Set(OPEN_STATUSES);

/** Few are found by this, so that each of them may be asked the rest. */
function only(found: Condition, narrowing: Narrowing): LookedAt {
  const { customerId, endpointId, eventId, statuses } = narrowing;
  return {
    indexed: [found],
    asked: [
      ['d.customer_id = $', customerId],
      ['d.endpoint_id = $', endpointId],
      ['d.event_id = $', eventId],
      ['d.status = ANY($)', statuses],
      ...askedOfEach(narrowing),
    ],
  };
}

function ofAllInOrder(narrowing: Narrowing): LookedAt {
  const { customerId, endpointId, statuses, after, before } = narrowing;
  const isIndexed = statuses !== undefined && isStatusIndexed(statuses, endpointId);
  return {
    indexed: [
      ['d.customer_id = $', customerId],
      ['d.endpoint_id = $', endpointId],
      [BELONGS_TO, both(endpointId, customerId)],
      ['d.id >= $', after && idAfter('del', after)],
      ['d.id < $', before && idBefore('del', before)],
      ['d.status = ANY($)', isIndexed ? statuses : undefined],
    ],
    asked: [['d.status = ANY($)', isIndexed ? undefined : statuses], ...askedOfEach(narrowing)],
  };
}

function askedOfEach({ after, before, searchKeys = [] }: Narrowing): readonly Condition[] {
  return [
    ['d.created_at >= $', after],
    ['d.created_at < $', before],
    ...searchKeys.map((key): Condition => [hasKey('d.event_id'), key]),
  ];
}

/** Decided once: without it, all that the endpoint of somebody else ever got would be asked whose it is. */
const BELONGS_TO = `EXISTS (SELECT FROM endpoints e
  WHERE e.id = ($::text[])[1] AND e.customer_id = ($::text[])[2])`;

function both(one: string | undefined, other: string | undefined): readonly string[] | undefined {
  return one === undefined || other === undefined ? undefined : [one, other];
}

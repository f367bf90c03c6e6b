import { Link } from '@tanstack/react-router';
import type { Delivery } from '../../data/types.ts';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { shortId } from '../../parts/basics/id-text.tsx';
import { CodeChips, StatusChip } from '../../parts/basics/status.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import type { Column } from '../../parts/data/table.tsx';

/** A delivery in a row: its state first, then what it is, and what happened last. */
export const deliveryColumns: readonly Column<Delivery>[] = [
  { key: 'status', head: 'Status', cell: ({ status }) => <StatusChip status={status} /> },
  {
    key: 'event',
    head: 'Event',
    place: 'main',
    cell: ({ id, event, test }) => (
      <>
        <Link to="/deliveries/$id" params={{ id }} aria-label={`${event}, delivery ${shortId(id)}`}>
          {event}
        </Link>
        {test ? ' · test' : ''}
      </>
    ),
  },
  {
    key: 'endpoint',
    head: 'Endpoint',
    look: 'grow',
    cell: ({ endpoint_id: id }) => <EndpointName id={id} />,
  },
  {
    key: 'customer',
    head: 'Customer',
    place: 'hidden',
    look: 'soft',
    cell: ({ customer_id }) => customer_id ?? 'operator',
  },
  {
    key: 'last',
    head: 'Last answers',
    cell: ({ last_codes: codes }) => (codes.length === 0 ? null : <CodeChips codes={codes} />),
  },
  {
    key: 'next',
    head: 'Next attempt',
    place: 'hidden',
    look: 'soft',
    cell: ({ next_attempt_at: at }) => (at === null ? null : <Countdown to={at} />),
  },
  {
    key: 'created',
    head: 'Created',
    look: 'soft',
    place: 'aside',
    cell: ({ created_at: at }) => <Time at={at} />,
  },
];

/** The same, without the column that would be the same in every row. */
export function deliveryColumnsWithout(...keys: readonly string[]): readonly Column<Delivery>[] {
  return deliveryColumns.filter(({ key }) => !keys.includes(key));
}

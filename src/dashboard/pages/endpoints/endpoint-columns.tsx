import { Link } from '@tanstack/react-router';
import { placeOf } from '../../data/endpoints.ts';
import type { Endpoint } from '../../data/types.ts';
import type { Fetched } from '../../data/use-query.ts';
import { EndpointChip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { CourseCell } from './course-cell.tsx';
import type { Course } from './use-courses.ts';

const SHOWN_EVENTS = 2;

type Courses = ReadonlyMap<string, Course>;

/** An endpoint in a row: what holds it back first, then what it is, and how it does. */
export function endpointColumns(courses: Fetched<Courses>): readonly Column<Endpoint>[] {
  return [...BEFORE, courseColumn(courses), ...AFTER];
}

const BEFORE: readonly Column<Endpoint>[] = [
  { key: 'state', head: 'State', cell: (endpoint) => <EndpointChip endpoint={endpoint} /> },
  {
    key: 'url',
    head: 'Endpoint',
    look: 'grow',
    place: 'main',
    cell: ({ id, url }) => (
      <Link to="/endpoints/$id" params={{ id }} title={url}>
        {placeOf(url)}
      </Link>
    ),
  },
  { key: 'customer', head: 'Customer', look: 'soft', cell: ({ customer_id }) => customer_id ?? 'operator' },
  { key: 'events', head: 'Events', place: 'hidden', cell: ({ events }) => eventsText(events) },
];

const AFTER: readonly Column<Endpoint>[] = [
  {
    key: 'secret',
    head: 'Rotation',
    look: 'soft',
    place: 'hidden',
    cell: ({ secret_rotation: rotation }) => <Time at={rotation?.overlap_ends_at ?? null} />,
  },
  {
    key: 'created',
    head: 'Created',
    look: 'soft',
    place: 'aside',
    cell: ({ created_at: at }) => <Time at={at} />,
  },
];

function eventsText(events: readonly string[]): string {
  const rest = events.length - SHOWN_EVENTS;
  return events.slice(0, SHOWN_EVENTS).join(', ') + (rest > 0 ? ` +${rest}` : '');
}

function courseColumn({ data, error, isPlaceholderData }: Fetched<Courses>): Column<Endpoint> {
  const unknown = error === null ? '…' : 'not known';
  // Figures of other endpoints say nothing of those that are new on the page.
  const isKnown = (id: string) => data !== undefined && (data.has(id) || !isPlaceholderData);
  return {
    key: 'course',
    head: 'Last 24 h',
    place: 'hidden',
    cell: ({ id }) => (isKnown(id) ? <CourseCell course={data?.get(id)} /> : unknown),
  };
}

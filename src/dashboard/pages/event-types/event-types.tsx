import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import type { EventType } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { EventTypeForm } from './event-type-form.tsx';

const COLUMNS: readonly Column<EventType>[] = [
  {
    key: 'name',
    head: 'Name',
    place: 'main',
    cell: ({ name }) => (
      <Link to="/event-types/$name" params={{ name }}>
        {name}
      </Link>
    ),
  },
  {
    key: 'about',
    head: 'Description',
    look: 'grow',
    cell: ({ description }) => (description === '' ? null : <span title={description}>{description}</span>),
  },
  { key: 'traits', head: 'Traits', look: 'soft', cell: traitsOf },
  {
    key: 'schema',
    head: 'Schema',
    look: 'soft',
    place: 'hidden',
    cell: ({ schema }) => (schema === null ? 'any data' : 'checked'),
  },
];

export function traitsOf(type: EventType): string {
  const traits = [
    type.built_in ? 'built in' : null,
    type.opt_in ? 'opt-in' : null,
    type.broadcast ? 'broadcast' : null,
    type.operator_only ? 'operator only' : null,
  ];
  return traits.filter((trait) => trait !== null).join(', ') || '–';
}

/** The catalogue: which events there are, and what their data is. */
export function EventTypesPage() {
  const [isMaking, setMaking] = useState(false);
  const mayOperate = useMay('operate');
  const navigate = useNavigate();
  const list = useList<EventType>({
    key: ['event-types'],
    keyOf: ({ name }) => name,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/event-types', {
          params: { query: cursor === undefined ? { limit: 100 } : { limit: 100, cursor } },
        }),
      ),
  });
  return (
    <Page
      title="Event types"
      lead="The names under which events are published, with a description and, where wanted, a JSON Schema."
      actions={
        mayOperate ? (
          <Button look="primary" onClick={() => setMaking(!isMaking)} aria-expanded={isMaking}>
            New event type
          </Button>
        ) : undefined
      }
    >
      {isMaking ? (
        <EventTypeForm
          type={null}
          onSaved={(name) => void navigate({ to: '/event-types/$name', params: { name } })}
        />
      ) : null}
      <List
        label="Event types"
        what={['event type', 'event types']}
        order="by name"
        list={list}
        columns={COLUMNS}
        empty={<Empty title="No event types" />}
      />
    </Page>
  );
}

import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Facts, Page, Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { BodyView } from '../../parts/data/body-view.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { EventTypeForm } from './event-type-form.tsx';
import { traitsOf } from './event-types.tsx';
import { SchemaTable } from './schema-table.tsx';

const route = getRouteApi('/event-types/$name');

/** One event type: what its data is, field by field. */
export function EventTypePage() {
  const { name } = route.useParams();
  const [isChanging, setChanging] = useState(false);
  const mayOperate = useMay('operate');
  const query = useQuery({
    queryKey: ['event-type', name],
    queryFn: () => answerOf(api.GET('/v1/event-types/{name}', { params: { path: { name } } })),
  });
  const { data, error } = query;
  const isOwn = mayOperate && data?.built_in === false;
  return (
    <Page
      title={name}
      lead={data?.description}
      actions={
        isOwn ? (
          <>
            <Button onClick={() => setChanging(!isChanging)} aria-expanded={isChanging}>
              Change
            </Button>
            <DeleteButton name={name} />
          </>
        ) : undefined
      }
    >
      {error === null ? null : <Failed error={error} onRetry={() => void query.refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={4} />
        ) : null
      ) : (
        <>
          {isChanging ? <EventTypeForm type={data} onSaved={() => setChanging(false)} /> : null}
          <Facts
            facts={[
              { name: 'Traits', value: traitsOf(data) },
              { name: 'Found by', value: data.searchable.join(', ') || 'no member of its data' },
              { name: 'Sensitive', value: sensitiveText(data.sensitive) },
              {
                name: 'Events',
                value: (
                  <Link to="/events" search={{ event: name }}>
                    Those of this type
                  </Link>
                ),
              },
              {
                name: 'Deliveries',
                value: (
                  <Link to="/deliveries" search={{ event: name }}>
                    Those of this type
                  </Link>
                ),
              },
              {
                name: 'Endpoints',
                value: (
                  <Link to="/endpoints" search={{ event: name }}>
                    Those that take it
                  </Link>
                ),
              },
            ]}
          />
          {data.schema === null ? (
            <p>Any object is taken as its data.</p>
          ) : (
            <>
              <SchemaTable schema={data.schema} sensitive={data.sensitive} />
              <Section title="JSON Schema">
                <BodyView label="JSON Schema" text={JSON.stringify(data.schema)} />
              </Section>
            </>
          )}
        </>
      )}
    </Page>
  );
}

function sensitiveText(members: readonly string[]): string {
  if (members.length === 0) return 'no member of its data';
  return `${members.join(', ')}: shown as *** here, and sent to receivers`;
}

function DeleteButton({ name }: { readonly name: string }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = async () => {
    await answerOf(api.DELETE('/v1/event-types/{name}', { params: { path: { name } } }));
    notify(`${name} is deleted.`);
    await navigate({ to: '/event-types' });
  };
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        Delete…
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        verb="Delete the type"
        look="danger"
        typed={name}
        onConfirm={remove}
      >
        <p>Nothing can be published under this name afterwards. Events that were stay as they are.</p>
      </Confirm>
    </>
  );
}

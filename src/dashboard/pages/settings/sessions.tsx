import type { components } from '../../../../clients/typescript/schema.ts';
import { useCaller } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useList, useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { Chip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { notify, notifyFailure } from '../../parts/forms/notices.tsx';

type Session = components['schemas']['Session'];

const COLUMNS: readonly Column<Session>[] = [
  { key: 'state', head: 'State', cell: (session) => <SessionState session={session} /> },
  { key: 'id', head: 'Session', look: 'grow', cell: ({ id }) => <SessionId id={id} /> },
  {
    key: 'key',
    head: 'Key',
    cell: ({ key_id: id }) => (id === null ? 'of the settings' : <IdText id={id} />),
  },
  { key: 'created', head: 'Begun', look: 'soft', cell: ({ created_at: at }) => <Time at={at} /> },
  {
    key: 'used',
    head: 'Last used',
    look: 'soft',
    place: 'hidden',
    cell: ({ last_used_at: at }) => <Time at={at} />,
  },
  { key: 'do', head: 'Change', place: 'aside', cell: (session) => <EndButton session={session} /> },
];

/** Browsers that are signed in to the console. */
export function Sessions() {
  const list = useList<Session>({
    key: ['sessions'],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(api.GET('/v1/sessions', { params: { query: cursor === undefined ? {} : { cursor } } })),
  });
  return (
    <Section title="Signed-in browsers">
      <List
        label="Sessions"
        what={['session', 'sessions']}
        list={list}
        columns={COLUMNS}
        empty={<Empty title="No sessions" />}
      />
    </Section>
  );
}

function SessionId({ id }: { readonly id: string }) {
  const own = useCaller()?.session?.id;
  return (
    <>
      <IdText id={id} />
      {id === own ? ' this browser' : ''}
    </>
  );
}

function isOver({ revoked_at: revoked, expires_at: expires }: Session): boolean {
  return revoked !== null || Date.parse(expires) < Date.now();
}

function SessionState({ session }: { readonly session: Session }) {
  if (isOver(session))
    return (
      <Chip tone="ended" icon="cancelled">
        over
      </Chip>
    );
  return session.has_begun ? (
    <Chip tone="ok" icon="delivered">
      open
    </Chip>
  ) : (
    <Chip tone="waiting" icon="queued">
      link not opened
    </Chip>
  );
}

function EndButton({ session }: { readonly session: Session }) {
  const refresh = useRefresh();
  const end = async () => {
    try {
      await answerOf(api.DELETE('/v1/sessions/{id}', { params: { path: { id: session.id } } }));
      notify('Ended: that browser is signed out.');
      await refresh();
    } catch (error) {
      notifyFailure(error);
    }
  };
  return isOver(session) ? (
    '–'
  ) : (
    <Button small look="danger" onClick={end}>
      End
    </Button>
  );
}

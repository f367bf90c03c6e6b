import { useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { useList, useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { CopyButton } from '../../parts/basics/id-text.tsx';
import { Banner, Section } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { Chip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { NewPortalLink } from './new-portal-link.tsx';

type PortalSession = components['schemas']['PortalSession'];

const COLUMNS: readonly Column<PortalSession>[] = [
  { key: 'state', head: 'State', cell: (link) => <LinkState link={link} /> },
  { key: 'customer', head: 'Customer', look: 'grow', cell: ({ customer_id }) => customer_id },
  { key: 'may', head: 'Allows', look: 'soft', cell: ({ capabilities }) => capabilities.join(', ') },
  {
    key: 'used',
    head: 'Last used',
    look: 'soft',
    place: 'hidden',
    cell: ({ last_used_at: at }) => <Time at={at} />,
  },
  {
    key: 'expires',
    head: 'Ends',
    look: 'soft',
    place: 'hidden',
    cell: ({ expires_at: at }) => <Time at={at} />,
  },
  { key: 'do', head: 'Change', place: 'aside', cell: (link) => <RevokeButton link={link} /> },
];

/** Links by which customers see their own endpoints and deliveries, and do what the link allows. */
export function PortalLinks() {
  const [isMaking, setMaking] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const list = useList<PortalSession>({
    key: ['portal-sessions'],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(api.GET('/v1/portal-sessions', { params: { query: cursor === undefined ? {} : { cursor } } })),
  });
  return (
    <Section
      title="Links"
      actions={
        <Button look="primary" onClick={() => setMaking(!isMaking)} aria-expanded={isMaking}>
          New link
        </Button>
      }
    >
      {url === null ? null : (
        <Banner tone="ok">
          <strong>This link opens once, and is not shown again.</strong>
          <p>
            <a href={url} target="_blank" rel="noreferrer">
              {url}
            </a>{' '}
            <CopyButton text={url} label="Copy the link" always />
          </p>
        </Banner>
      )}
      {isMaking ? (
        <NewPortalLink
          onMade={(made) => {
            setUrl(made);
            setMaking(false);
          }}
        />
      ) : null}
      <List
        label="Portal links"
        what={['link', 'links']}
        list={list}
        columns={COLUMNS}
        empty={
          <Empty title="No portal link yet">
            <p>
              A link shows one customer its endpoints and deliveries, here or in a frame of your own pages.
            </p>
          </Empty>
        }
      />
    </Section>
  );
}

function LinkState({
  link: { revoked_at: revoked, expires_at: expires, has_begun: hasBegun },
}: {
  readonly link: PortalSession;
}) {
  if (revoked !== null)
    return (
      <Chip tone="ended" icon="cancelled">
        revoked
      </Chip>
    );
  if (Date.parse(expires) < Date.now())
    return (
      <Chip tone="ended" icon="queued">
        over
      </Chip>
    );
  return hasBegun ? (
    <Chip tone="ok" icon="delivered">
      open
    </Chip>
  ) : (
    <Chip tone="waiting" icon="queued">
      not opened
    </Chip>
  );
}

function RevokeButton({
  link: { id, customer_id: customer, revoked_at: revoked },
}: {
  readonly link: PortalSession;
}) {
  const [isAsking, setAsking] = useState(false);
  const refresh = useRefresh();
  const revoke = async () => {
    await answerOf(api.DELETE('/v1/portal-sessions/{id}', { params: { path: { id } } }));
    notify('Revoked: the page is over with its next request.');
    await refresh();
  };
  if (revoked !== null) return '–';
  return (
    <>
      <Button small look="danger" onClick={() => setAsking(true)}>
        Revoke…
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Revoke this link of ${customer}?`}
        verb="Revoke the link"
        look="danger"
        onConfirm={revoke}
      >
        <p>Whoever has opened it is refused from the next request on.</p>
      </Confirm>
    </>
  );
}

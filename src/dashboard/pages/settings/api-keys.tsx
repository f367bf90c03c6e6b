import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { present } from '../../data/search.ts';
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
import { NewApiKey } from './new-api-key.tsx';

type ApiKey = components['schemas']['ApiKey'];

/** Keys of the operator and of customers; the text of one is shown once. */
export function ApiKeys() {
  const { customer_id } = useSearch({ strict: false });
  const [isMaking, setMaking] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const query = present({ customer_id });
  const list = useList<ApiKey>({
    key: ['api-keys', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(api.GET('/v1/api-keys', { params: { query: present({ ...query, cursor }) } })),
  });
  return (
    <Section
      title="Keys"
      actions={
        <Button look="primary" onClick={() => setMaking(!isMaking)} aria-expanded={isMaking}>
          New key
        </Button>
      }
    >
      {text === null ? null : <ShownKey text={text} />}
      {isMaking ? (
        <NewApiKey
          onMade={(key) => {
            setText(key);
            setMaking(false);
          }}
        />
      ) : null}
      <List
        label="API keys"
        what={['key', 'keys']}
        list={list}
        columns={columnsWith(setText)}
        empty={
          <Empty title="No further keys">
            <p>
              The operator’s key of the settings is not listed. Make one for each program and each customer.
            </p>
          </Empty>
        }
      />
    </Section>
  );
}

function ShownKey({ text }: { readonly text: string }) {
  return (
    <Banner tone="ok">
      <strong>Keep this key now: it is not shown again.</strong>
      <p>
        <code>{text}</code> <CopyButton text={text} label="Copy the key" always />
      </p>
    </Banner>
  );
}

function columnsWith(onText: (text: string) => void): readonly Column<ApiKey>[] {
  return [
    { key: 'state', head: 'State', cell: (key) => <KeyState apiKey={key} /> },
    { key: 'name', head: 'Name', look: 'grow', cell: ({ name, id }) => name || id },
    { key: 'customer', head: 'Customer', cell: ({ customer_id }) => customer_id ?? 'operator' },
    {
      key: 'scopes',
      head: 'Scopes',
      look: 'soft',
      cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
    },
    {
      key: 'used',
      head: 'Last used',
      look: 'soft',
      place: 'hidden',
      cell: ({ last_used_at: at }) => <Time at={at} />,
    },
    {
      key: 'expires',
      head: 'Expires',
      look: 'soft',
      place: 'hidden',
      cell: ({ expires_at: at }) => <Time at={at} />,
    },
    { key: 'do', head: 'Change', place: 'aside', cell: (key) => <KeyActions apiKey={key} onText={onText} /> },
  ];
}

function KeyState({ apiKey: { revoked_at: revoked, expires_at: expires } }: { readonly apiKey: ApiKey }) {
  if (revoked !== null)
    return (
      <Chip tone="ended" icon="cancelled">
        revoked
      </Chip>
    );
  if (expires !== null && Date.parse(expires) < Date.now())
    return (
      <Chip tone="ended" icon="queued">
        expired
      </Chip>
    );
  return (
    <Chip tone="ok" icon="delivered">
      live
    </Chip>
  );
}

interface ActionsProps {
  readonly apiKey: ApiKey;
  readonly onText: (text: string) => void;
}

function KeyActions({ apiKey: { id, name, revoked_at: revoked }, onText }: ActionsProps) {
  const [asked, setAsked] = useState<'rotate' | 'revoke' | null>(null);
  const refresh = useRefresh();
  const params = { path: { id } };
  const revoke = async () => {
    await answerOf(api.DELETE('/v1/api-keys/{id}', { params }));
    notify('Revoked: it is refused from its next request on.');
    await refresh();
  };
  const rotate = async () => {
    const { key } = await answerOf(
      api.POST('/v1/api-keys/{id}/rotate', { params, body: { overlap_seconds: 86_400 } }),
    );
    onText(key);
    await refresh();
  };
  if (revoked !== null) return '–';
  const close = () => setAsked(null);
  return (
    <>
      <Button small look="quiet" onClick={() => setAsked('rotate')}>
        Rotate…
      </Button>
      <Button small look="danger" onClick={() => setAsked('revoke')}>
        Revoke…
      </Button>
      <Confirm
        isOpen={asked === 'rotate'}
        onClose={close}
        title={`Give ${name || id} a new text?`}
        verb="Rotate"
        onConfirm={rotate}
      >
        <p>The new text works at once; the old one works on for 24 hours.</p>
      </Confirm>
      <Confirm
        isOpen={asked === 'revoke'}
        onClose={close}
        title={`Revoke ${name || id}?`}
        verb="Revoke the key"
        look="danger"
        onConfirm={revoke}
      >
        <p>
          Programs that use it are refused from their next request on, and so are sessions that began with it.
        </p>
      </Confirm>
    </>
  );
}

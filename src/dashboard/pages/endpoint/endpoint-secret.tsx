import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import type { Endpoint } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/basics/button.tsx';
import { CopyButton } from '../../parts/basics/id-text.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Empty, Failed } from '../../parts/basics/states.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { type Column, Table } from '../../parts/data/table.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { SelectField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import css from './endpoint.module.css';

type Secret = components['schemas']['ReadableSecrets']['secrets'][number];

const OVERLAPS = [
  { value: '86400', text: '24 hours' },
  { value: '3600', text: '1 hour' },
  { value: '604800', text: '7 days' },
  { value: '0', text: 'None: the old one ends now' },
];

const COLUMNS: readonly Column<Secret>[] = [
  { key: 'number', head: 'No.', cell: ({ number }) => number },
  {
    key: 'secret',
    head: 'Secret',
    look: 'grow',
    cell: ({ secret }) => (
      <span className={css.secret}>
        <code>{secret}</code> <CopyButton text={secret} label="Copy the secret" always />
      </span>
    ),
  },
  {
    key: 'use',
    head: 'Use',
    cell: ({ is_primary: isPrimary }) => (isPrimary ? 'signs first' : 'signs beside'),
  },
  { key: 'created', head: 'Made', cell: ({ created_at: at }) => <Time at={at} /> },
  { key: 'expires', head: 'Ends', cell: ({ expires_at: at }) => <Time at={at} /> },
];

/** The signing secrets of an endpoint: shown when asked for, which is noted; rotated with an overlap. */
export function EndpointSecret({ endpoint }: { readonly endpoint: Endpoint }) {
  const [isShown, setShown] = useState(false);
  const query = useQuery({
    queryKey: ['secret', endpoint.id],
    queryFn: () => answerOf(api.GET('/v1/endpoints/{id}/secret', { params: { path: { id: endpoint.id } } })),
    enabled: isShown,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section title="Signing secrets" actions={<SecretActions endpoint={endpoint} />}>
      {query.error === null ? null : <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        <Empty
          title="The secret is hidden"
          actions={
            <Button icon="search" onClick={() => setShown(true)}>
              Show the secret
            </Button>
          }
        >
          <p>
            Whoever has it can forge what the receiver trusts. That it was looked at is noted in the audit
            log.
          </p>
        </Empty>
      ) : (
        <Table
          label="Secrets"
          columns={COLUMNS}
          rows={query.data.secrets}
          keyOf={({ number }) => String(number)}
        />
      )}
    </Section>
  );
}

function SecretActions({ endpoint }: { readonly endpoint: Endpoint }) {
  const [asked, setAsked] = useState<'rotate' | 'revoke' | null>(null);
  const [overlap, setOverlap] = useState('86400');
  const refresh = useRefresh();
  const client = useQueryClient();
  const params = { path: { id: endpoint.id } };
  const done = async (text: string) => {
    notify(text);
    client.removeQueries({ queryKey: ['secret', endpoint.id] });
    await refresh();
  };
  const rotate = async () => {
    const body = { overlap_seconds: Number(overlap) };
    await answerOf(api.POST('/v1/endpoints/{id}/secret/rotate', { params, body }));
    await done('There is a new secret; both sign until the overlap ends.');
  };
  const promote = async () => {
    await answerOf(api.POST('/v1/endpoints/{id}/secret/promote', { params }));
    await done('The new secret signs first from now on.');
  };
  const revoke = async () => {
    await answerOf(api.POST('/v1/endpoints/{id}/secret/revoke', { params, body: {} }));
    await done('Only the newest secret signs from now on.');
  };
  const isRotating = endpoint.secret_rotation !== null;
  const close = () => setAsked(null);
  return (
    <div className={css.buttons}>
      <Button icon="retrying" onClick={() => setAsked('rotate')}>
        Rotate…
      </Button>
      {isRotating ? <Button onClick={promote}>Promote the new one</Button> : null}
      {isRotating ? (
        <Button look="danger" onClick={() => setAsked('revoke')}>
          End the old one…
        </Button>
      ) : null}
      <Confirm
        isOpen={asked === 'rotate'}
        onClose={close}
        title="Make a new secret?"
        verb="Rotate"
        onConfirm={rotate}
      >
        <p>
          Requests carry a signature by each secret while both are good, so the receiver can change over at
          any time in between.
        </p>
        <SelectField
          label="Both are good for"
          value={overlap}
          choices={OVERLAPS}
          onChange={(event) => setOverlap(event.target.value)}
        />
      </Confirm>
      <Confirm
        isOpen={asked === 'revoke'}
        onClose={close}
        title="End the old secret now?"
        verb="End the old secret"
        look="danger"
        onConfirm={revoke}
      >
        <p>A receiver that still verifies by it refuses everything from this moment on.</p>
      </Confirm>
    </div>
  );
}

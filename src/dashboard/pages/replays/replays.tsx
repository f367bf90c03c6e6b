import { getRouteApi, Link } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { present } from '../../data/search.ts';
import type { Replay } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { shortId } from '../../parts/basics/id-text.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { Chip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { FilterBar, FilterSelect, List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';

const route = getRouteApi('/replays');

const KINDS: Readonly<Record<string, string>> = {
  dead_letters: 'Dead letters',
  missed: 'Missed while disabled',
};
const STATUSES = ['running', 'completed', 'cancelled'].map((value) => ({ value, text: value }));

const COLUMNS: readonly Column<Replay>[] = [
  { key: 'status', head: 'Status', cell: ({ status }) => <ReplayChip status={status} /> },
  {
    key: 'kind',
    head: 'What',
    look: 'grow',
    place: 'main',
    cell: ({ id, kind }) => (
      <Link to="/replays/$id" params={{ id }} aria-label={`${kindText(kind)}, ${shortId(id)}`}>
        {kindText(kind)}
      </Link>
    ),
  },
  { key: 'total', head: 'Total', align: 'right', cell: ({ total }) => total.toLocaleString() },
  {
    key: 'delivered',
    head: 'Delivered',
    align: 'right',
    place: 'hidden',
    cell: ({ delivered }) => delivered.toLocaleString(),
  },
  { key: 'dead', head: 'Dead', align: 'right', place: 'hidden', cell: ({ dead }) => dead.toLocaleString() },
  { key: 'by', head: 'By', look: 'soft', place: 'hidden', cell: ({ requested_by: by }) => shortId(by) },
  {
    key: 'created',
    head: 'Begun',
    look: 'soft',
    place: 'aside',
    cell: ({ created_at: at }) => <Time at={at} />,
  },
];

export function kindText(kind: string): string {
  return KINDS[kind] ?? kind;
}

export function ReplayChip({ status }: { readonly status: Replay['status'] }) {
  if (status === 'completed')
    return (
      <Chip tone="ok" icon="delivered">
        completed
      </Chip>
    );
  return status === 'running' ? (
    <Chip tone="moving" icon="retrying">
      running
    </Chip>
  ) : (
    <Chip tone="ended" icon="cancelled">
      cancelled
    </Chip>
  );
}

/** What was sent once more in bulk. */
export function ReplaysPage() {
  const { status, endpoint_id, customer_id } = route.useSearch();
  const navigate = route.useNavigate();
  const query = present({ status, endpoint_id, customer_id });
  const list = useList<Replay>({
    key: ['replays', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(api.GET('/v1/replays', { params: { query: present({ ...query, cursor }) as object } })),
  });
  return (
    <Page
      title="Replays"
      lead="Dead letters or missed deliveries, sent once more in bulk: at lower priority, under each endpoint’s rules."
    >
      <FilterBar>
        <FilterSelect
          label="Status"
          value={status}
          choices={STATUSES}
          onChange={(one) => void navigate({ search: (before) => present({ ...before, status: one }) })}
        />
      </FilterBar>
      <List
        label="Replays"
        what={['replay', 'replays']}
        list={list}
        columns={COLUMNS}
        empty={
          <Empty title="Nothing was replayed yet">
            <p>
              A replay sends many deliveries once more. It begins at the{' '}
              <Link to="/dead-letters">dead letters</Link>, or at an endpoint that missed something while it
              was disabled.
            </p>
          </Empty>
        }
        onClear={Object.keys(query).length === 0 ? undefined : () => void navigate({ search: {} })}
      />
    </Page>
  );
}

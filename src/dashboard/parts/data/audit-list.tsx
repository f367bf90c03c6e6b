import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { present } from '../../data/search.ts';
import { useList } from '../../data/use-list.ts';
import { IdText, shortId } from '../basics/id-text.tsx';
import { Empty } from '../basics/states.tsx';
import { Time } from '../basics/time.tsx';
import { List } from './list.tsx';
import type { Column } from './table.tsx';

type AuditEntry = components['schemas']['AuditEntry'];

const COLUMNS: readonly Column<AuditEntry>[] = [
  { key: 'at', head: 'When', cell: ({ created_at: at }) => <Time at={at} /> },
  { key: 'action', head: 'Action', cell: ({ action }) => <code>{action}</code> },
  {
    key: 'subject',
    head: 'Subject',
    cell: ({ subject_id: id }) => (id === null ? null : <IdText id={id} />),
  },
  {
    key: 'who',
    head: 'By',
    cell: ({ actor, key_id, person }) => person ?? (key_id === null ? actor : `${actor}, ${shortId(key_id)}`),
  },
  { key: 'why', head: 'Why', look: 'grow', cell: ({ reason }) => reason },
  { key: 'changed', head: 'Members', place: 'hidden', cell: ({ changed }) => changed.join(', ') || null },
  {
    key: 'affected',
    head: 'Affected',
    align: 'right',
    place: 'hidden',
    cell: ({ affected }) => affected?.toLocaleString() ?? null,
  },
  { key: 'from', head: 'From', look: 'soft', place: 'hidden', cell: ({ address }) => address ?? null },
];

interface Props {
  readonly filter: {
    readonly subject_id?: string | undefined;
    readonly action?: string | undefined;
    readonly customer_id?: string | undefined;
  };
}

/** The audit log: who changed what, when and from where. */
export function AuditList({ filter }: Props) {
  const query = present(filter);
  const list = useList<AuditEntry>({
    key: ['audit', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) => answerOf(api.GET('/v1/audit', { params: { query: present({ ...query, cursor }) } })),
  });
  return (
    <List
      label="Audit log"
      what={['entry', 'entries']}
      list={list}
      columns={COLUMNS}
      empty={
        <Empty title="Nothing was changed yet">
          <p>Every change is noted here, with who made it.</p>
        </Empty>
      }
    />
  );
}

import { answerOf, api } from '../../data/api.ts';
import { present } from '../../data/search.ts';
import type { DeadLetter } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { deliveryColumnsWithout } from '../deliveries/delivery-columns.tsx';
import { NoDeadLetters } from './no-dead-letters.tsx';
import type { Selection } from './selection.ts';

const COLUMNS: readonly Column<DeadLetter>[] = [
  ...deliveryColumnsWithout('status', 'next'),
  {
    key: 'reason',
    head: 'Reason',
    look: 'soft',
    place: 'hidden',
    cell: ({ reason }) => reason?.replaceAll('_', ' ') ?? null,
  },
];

interface Props {
  readonly selection: Selection;
  readonly onClear: (() => void) | undefined;
}

/** Dead letters one by one. */
export function DeadLetterList({ selection, onClear }: Props) {
  const list = useList<DeadLetter>({
    key: ['dead-letters', selection],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/dead-letters', { params: { query: present({ ...selection, cursor }) as object } }),
      ),
  });
  return (
    <List
      label="Dead letters"
      what={['dead letter', 'dead letters']}
      list={list}
      columns={COLUMNS}
      empty={<NoDeadLetters />}
      onClear={onClear}
    />
  );
}

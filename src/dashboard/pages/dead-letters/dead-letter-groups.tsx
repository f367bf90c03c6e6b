import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useRefreshMs } from '../../data/live/connection.ts';
import { present } from '../../data/search.ts';
import type { DeadLetter } from '../../data/types.ts';
import { useHeld } from '../../data/use-held.ts';
import { useQuery } from '../../data/use-query.ts';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { Fetching, NoMatch } from '../../parts/basics/states.tsx';
import { CodeChip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { HeldRows } from '../../parts/data/held-rows.tsx';
import { BulkActions } from './bulk-actions.tsx';
import css from './dead-letter-groups.module.css';
import { groupLetters, type LetterGroup } from './group-letters.ts';
import { NoDeadLetters } from './no-dead-letters.tsx';
import { countOf, type Selection } from './selection.ts';

/** So many letters are looked at to see which causes there are; the API counts each cause over all of them. */
const PAGES_OF_LETTERS = 3;
const LETTERS_A_PAGE = 100;
const GROUPS_REFRESH_MS = 15_000;

interface Props {
  readonly selection: Selection;
  readonly onClear: (() => void) | undefined;
}

/** Dead letters by what they died of. */
export function DeadLetterGroups({ selection, onClear }: Props) {
  const refetchInterval = useRefreshMs(GROUPS_REFRESH_MS);
  const query = useQuery({
    queryKey: ['dead-letter-groups', selection],
    queryFn: () => newestGroups(selection),
    refetchInterval,
  });
  const { page: data, waiting } = useHeld({
    name: JSON.stringify(selection),
    newest: query,
    keyOf: keyOfGroup,
  });
  return (
    <div className={css.groups}>
      <Fetching query={{ ...query, data }} rows={4} />
      {data?.items.length === 0 ? (
        onClear === undefined ? (
          <NoDeadLetters />
        ) : (
          <NoMatch what="dead letters" onClear={onClear} />
        )
      ) : null}
      <HeldRows waiting={waiting} what="causes">
        {data?.items.map((group) => (
          <Group key={group.key} group={group} selection={selection} />
        ))}
      </HeldRows>
      {data?.isCut === true ? (
        <p className={css.note}>
          Causes are those of the newest {(PAGES_OF_LETTERS * LETTERS_A_PAGE).toLocaleString()} dead letters;
          counts are of all.
        </p>
      ) : null}
    </div>
  );
}

interface Groups {
  readonly items: readonly LetterGroup[];
  /** Whether there may be others. */
  readonly isCut: boolean;
}

function keyOfGroup({ key }: LetterGroup): string {
  return key;
}

async function newestGroups(selection: Selection): Promise<Groups> {
  const letters: DeadLetter[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_OF_LETTERS && cursor !== null; page += 1) {
    const query = present({ ...selection, limit: LETTERS_A_PAGE, cursor }) as object;
    const answer = await answerOf(api.GET('/v1/dead-letters', { params: { query } }));
    letters.push(...answer.items);
    cursor = answer.next_cursor;
  }
  return { items: groupLetters(letters), isCut: cursor !== null };
}

function Group({ group, selection }: { readonly group: LetterGroup; readonly selection: Selection }) {
  const { endpointId, errorCode, reason, advice, oldest, newest: last } = group;
  const cause = present({
    endpoint_id: endpointId,
    error_code: errorCode ?? undefined,
    reason: reason ?? undefined,
  });
  const own = { ...selection, ...cause };
  return (
    <article className={css.group} aria-label={`${errorCode ?? reason ?? 'unknown'} at ${endpointId}`}>
      <div className={css.head}>
        <GroupCount group={group} selection={own} />
        {errorCode === null ? null : <CodeChip code={errorCode} />}
        <Link to="/endpoints/$id" params={{ id: endpointId }}>
          <EndpointName id={endpointId} />
        </Link>
      </div>
      <p className={css.advice}>{advice ?? reason?.replaceAll('_', ' ')}</p>
      <p className={css.when}>
        {reason?.replaceAll('_', ' ')} · first <Time at={oldest} />, last <Time at={last} /> ·{' '}
        <Link to="/dead-letters" search={(before) => ({ ...before, ...cause, flat: '1' })}>
          one by one
        </Link>
      </p>
      <div className={css.buttons}>
        <BulkActions selection={own} small />
      </div>
    </article>
  );
}

/** Who may retry may count; others see how many of those looked at. */
function GroupCount({ group, selection }: { readonly group: LetterGroup; readonly selection: Selection }) {
  const mayRetry = useMay('retry');
  const { data } = useQuery({
    queryKey: ['dead-letter-count', selection],
    queryFn: () => countOf(selection),
    enabled: mayRetry,
  });
  return (
    <span className={css.count}>
      {(data?.count ?? group.seen).toLocaleString()}
      {data?.capped === true ? '+' : ''}
    </span>
  );
}
